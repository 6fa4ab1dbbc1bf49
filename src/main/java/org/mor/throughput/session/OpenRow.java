package org.mor.throughput.session;

import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;

/** A stored open: a full row of today's schema, or one that the earlier indexer wrote. */
public sealed interface OpenRow extends SessionRow permits SessionOpen, LegacyOpen {
  /** Unix seconds; the block time of the open. */
  long openedAt();

  /** Unix seconds; when the paid time runs out; 0 where an old row does not say. */
  long endsAt();

  /** Null where an old row does not say. */
  @Nullable UserId user();

  /** Null where an old row does not say. */
  @Nullable Address provider();

  /** Null where an old row does not say. */
  @Nullable Hash32 modelId();

  /** The user's stake in wei; zero where an old row does not say. */
  Wei stake();

  @Override
  default long eventTime() {
    return openedAt();
  }

  /** What the metrics need of the row. */
  default OpenFacts facts() {
    return new OpenFacts(
        sessionId(), openedAt(), endsAt(), provider(), modelId(), stake(), position().block());
  }
}
