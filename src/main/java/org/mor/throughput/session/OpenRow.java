package org.mor.throughput.session;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Wei;

/** A stored open: a full row of today's schema, or one that the earlier indexer wrote. */
public sealed interface OpenRow extends SessionRow permits SessionOpen, OpenRow.LegacyOpen {
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

  /**
   * An open as the earlier indexer wrote it: kept as it stands, to the byte, until it is read from
   * the chain again. Its session id and open time are enough; the rest is used where it makes
   * sense.
   *
   * @param line the stored JSON, without its line end
   * @param openedAt Unix seconds
   * @param endsAt Unix seconds, 0 where unknown
   */
  record LegacyOpen(
      String line,
      Hash32 sessionId,
      long openedAt,
      long endsAt,
      @Nullable UserId user,
      @Nullable Address provider,
      @Nullable Hash32 modelId,
      Wei stake,
      LogPosition position)
      implements OpenRow {
    @Override
    public Reading reading() {
      return Reading.LEGACY;
    }
  }

  /**
   * What the metrics need of one open, whichever schema its row has; what an old row lacks is null.
   *
   * @param openedAt Unix seconds; decides the partition and every bucket
   * @param endsAt Unix seconds; 0 where unknown
   * @param stake in wei; 0 where unknown
   * @param block of the SessionOpened log; 0 where unknown
   */
  record OpenFacts(
      Hash32 sessionId,
      long openedAt,
      long endsAt,
      @Nullable Address provider,
      @Nullable Hash32 modelId,
      Wei stake,
      long block)
      implements Serializable {}
}
