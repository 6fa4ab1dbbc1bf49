package org.mor.throughput.archive;

import org.mor.throughput.session.SessionRow;
import org.mor.throughput.store.ObjectKey;

/** Writes the rows of one partition, which come in order. */
final class PartitionWriter<R extends SessionRow> implements AutoCloseable {
  private static final byte[] LINE_END = {'\n'};

  private final RowCodec<R> codec;
  private final ObjectKey key;
  private final Gzip.Writer out;

  PartitionWriter(RowCodec<R> codec, ObjectKey key, int expected) {
    this.codec = codec;
    this.key = key;
    this.out = new Gzip.Writer(expected);
  }

  /**
   * Adds a row.
   *
   * @throws IllegalStateException when the partition could not be read back with it
   */
  void add(R row) {
    byte[] line = codec.encode(row);
    if (line.length > LineReader.MAX_LINE
        || out.size() > GzipInput.MAX_INFLATED - line.length - 1) {
      throw new IllegalStateException(
          "Writing %s: session %s makes it larger than can be read back (%d bytes a line, %d in all); nothing was written."
              .formatted(key, row.sessionId(), LineReader.MAX_LINE, GzipInput.MAX_INFLATED));
    }
    out.write(line, 0, line.length);
    out.write(LINE_END, 0, 1);
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
