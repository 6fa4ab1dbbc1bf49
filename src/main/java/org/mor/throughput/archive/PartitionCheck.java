package org.mor.throughput.archive;

import org.mor.throughput.session.Month;

/** Tells whether bytes are a whole partition, without a store. */
public final class PartitionCheck {
  private PartitionCheck() {}

  /**
   * Reads all of a partition's content.
   *
   * @return how many rows it has that count
   * @throws org.mor.throughput.store.CorruptObjectException when it is not whole gzip, or a line is
   *     no row of the month
   */
  public static long rows(RowKind kind, Month month, byte[] body) {
    long[] rows = {0};
    if (kind == RowKind.OPENS) {
      new PartitionFile<>(new OpenRowCodec(), month)
          .read(body, row -> rows[0] += row.retracted() ? 0 : 1);
    } else {
      new PartitionFile<>(new CloseRowCodec(), month)
          .read(body, row -> rows[0] += row.retracted() ? 0 : 1);
    }
    return rows[0];
  }
}
