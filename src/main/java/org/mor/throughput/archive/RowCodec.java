package org.mor.throughput.archive;

import org.jspecify.annotations.Nullable;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserPrivacy;

/** One kind of rows as lines of JSON. */
sealed interface RowCodec<R extends SessionRow> permits OpenRowCodec, CloseRowCodec {
  RowKind kind();

  /** The line of a row, without its line end; a row of the earlier indexer is its own line. */
  byte[] encode(R row);

  /**
   * The line without what two indexers may rightly write differently: the schema, the user (plain
   * or hashed), and what depends on when it was read. Null for a row of the earlier indexer.
   */
  byte @Nullable [] encodeCommon(R row);

  /**
   * Reads what stands from {@code from} (inclusive) to {@code to} (exclusive).
   *
   * @param scratch used on the way; belongs to one thread
   * @throws IllegalArgumentException saying what is wrong with it
   */
  R decode(byte[] line, int from, int to, RowFields scratch);

  /** The row as it may be kept. */
  R stored(R row, UserPrivacy privacy);
}
