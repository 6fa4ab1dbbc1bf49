package org.mor.throughput.session;

import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;

/** A stored close: a full row of today's schema, or one that the earlier indexer wrote. */
public sealed interface CloseRow permits SessionClose, LegacyClose {
  /** The identity of the row; a session closes at most once. */
  Hash32 sessionId();

  /** Unix seconds; decides the partition and every bucket. */
  long closedAt();

  /** Where the close stands; block 0 and index 0 where an old row does not say. */
  LogPosition position();

  /** The block whose state the row was read at; -1 where an old row does not say. */
  long readAtBlock();

  /** The row's schema version; 1 for rows of the earlier indexer. */
  int schema();

  /** What the metrics need of the row. */
  CloseFacts facts();
}
