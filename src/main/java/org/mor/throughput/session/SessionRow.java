package org.mor.throughput.session;

import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;

/** A stored row: one event of one session. */
public sealed interface SessionRow permits OpenRow, CloseRow {
  /** The identity of the row; a session opens once and closes at most once. */
  Hash32 sessionId();

  /** Where the event stands; block 0 and index 0 where an old row does not say. */
  LogPosition position();

  /** The block whose state the row was read at; -1 where an old row does not say. */
  long readAtBlock();

  /** The row's schema version; 1 for rows of the earlier indexer. */
  int schema();

  /** The block time of the event in Unix seconds; decides the partition and every bucket. */
  long eventTime();
}
