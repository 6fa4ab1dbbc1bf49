package org.mor.throughput.archive;

import org.mor.throughput.archive.RowArchive.PartitionFullException;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.store.ObjectKey;

/** Writes the rows of one partition, which come in order. */
final class PartitionWriter<R extends SessionRow> implements AutoCloseable {
  private static final byte[] LINE_END = {'\n'};

  private final RowCodec<R> codec;
  private final ObjectKey key;
  private final Gzip.Writer out;
  private final long mostBytes;

  PartitionWriter(RowCodec<R> codec, ObjectKey key, int expected) {
    this(codec, key, expected, GzipInput.MAX_INFLATED);
  }

  /** The same with another limit, in bytes of rows. */
  PartitionWriter(RowCodec<R> codec, ObjectKey key, int expected, long mostBytes) {
    this.mostBytes = mostBytes;
    this.codec = codec;
    this.key = key;
    this.out = new Gzip.Writer(expected);
  }

  /**
   * Adds a row.
   *
   * @throws PartitionFullException when the partition could not be read back with it
   * @throws IllegalStateException when the row is longer than any that the chain can make
   */
  void add(R row) {
    byte[] line = codec.encode(row);
    if (line.length > LineReader.MAX_LINE) {
      throw new IllegalStateException(
          "Writing %s: the row of session %s is larger than can be read back (%d bytes, at most %d); nothing was written."
              .formatted(key, row.sessionId(), line.length, LineReader.MAX_LINE));
    }
    if (out.size() > mostBytes - line.length - 1) {
      throw new PartitionFullException(
          "Writing %s: with the new rows it is larger than can be read back (%d bytes of rows). Nothing was written; the rows before are published.\nnext: raise GzipInput.MAX_INFLATED, build again and deploy with more memory; runs go on from the cursor then"
              .formatted(key, mostBytes));
    }
    out.write(line, 0, line.length);
    out.write(LINE_END, 0, 1);
  }

  /** Whether more than half of what a partition holds is used. */
  boolean isHalfFull() {
    return out.size() > mostBytes / 2;
  }

  /** The object's content. */
  byte[] finish() {
    return out.finish();
  }

  @Override
  public void close() {
    out.close();
  }
}
