package org.mor.throughput.session;

import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;

/** A stored close: a full row of today's schema, or one that the earlier indexer wrote. */
public sealed interface CloseRow extends SessionRow permits SessionClose, CloseRow.LegacyClose {
  /** Unix seconds; the block time of the close. */
  long closedAt();

  /** What the metrics need of the row. */
  CloseFacts facts();

  @Override
  default long eventTime() {
    return closedAt();
  }

  /**
   * A close as the earlier indexer wrote it: kept as it stands, to the byte, until it is read from
   * the chain again. Its session id and close time are enough; the rest is used where it makes
   * sense.
   *
   * @param line the stored JSON, without its line end
   * @param facts what could be made of it
   */
  record LegacyClose(String line, LogPosition position, CloseFacts facts) implements CloseRow {
    @Override
    public Hash32 sessionId() {
      return facts.sessionId();
    }

    @Override
    public long closedAt() {
      return facts.closedAt();
    }

    @Override
    public Reading reading() {
      return Reading.LEGACY;
    }
  }
}
