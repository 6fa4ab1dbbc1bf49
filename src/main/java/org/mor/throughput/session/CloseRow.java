package org.mor.throughput.session;

/** A stored close: a full row of today's schema, or one that the earlier indexer wrote. */
public sealed interface CloseRow extends SessionRow permits SessionClose, LegacyClose {
  /** Unix seconds; the block time of the close. */
  long closedAt();

  /** What the metrics need of the row. */
  CloseFacts facts();

  @Override
  default long eventTime() {
    return closedAt();
  }
}
