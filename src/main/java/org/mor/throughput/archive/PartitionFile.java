package org.mor.throughput.archive;

import java.util.function.Consumer;
import org.mor.throughput.archive.RowArchive.PartitionFullException;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectKey;

/** One month of one kind of rows as an object: gzipped lines, in order. */
final class PartitionFile<R extends SessionRow> {
  private final RowCodec<R> codec;
  private final Month month;
  private final ObjectKey key;

  PartitionFile(RowCodec<R> codec, Month month) {
    this.codec = codec;
    this.month = month;
    this.key = codec.kind().key(month);
  }

  ObjectKey key() {
    return key;
  }

  /**
   * Gives one row after the other to {@code rows}; only a normal return proves that they were all.
   *
   * @throws CorruptObjectException naming the line, when anything is not as a writer leaves it
   */
  void read(byte[] body, Consumer<? super R> rows) {
    long from = month.firstSecond();
    long until = month.next().firstSecond();
    RowFields scratch = new RowFields();
    IdSet seen = new IdSet();
    try (LineReader lines = new LineReader(key, body)) {
      while (lines.next()) {
        R row = row(codec, lines, scratch);
        if (row.eventTime() < from || row.eventTime() >= until) {
          throw lines.corrupt("session %s is of another month".formatted(row.sessionId()));
        }
        if (!seen.add(row.sessionId())) {
          throw lines.corrupt("session %s is there twice".formatted(row.sessionId()));
        }
        rows.accept(row);
      }
    }
  }

  /** Writes the partition anew; it will take about {@code expected} bytes. */
  Writer<R> writer(int expected) {
    return new Writer<>(codec, key, expected);
  }

  /** The row on the current line. */
  static <R extends SessionRow> R row(RowCodec<R> codec, LineReader lines, RowFields scratch) {
    try {
      return codec.decode(lines.buffer(), lines.start(), lines.end(), scratch);
    } catch (IllegalArgumentException | ArithmeticException e) {
      CorruptObjectException corrupt = lines.corrupt(String.valueOf(e.getMessage()));
      corrupt.initCause(e);
      throw corrupt;
    }
  }

  /** Writes the rows of one partition, which come in order. */
  static final class Writer<R extends SessionRow> implements AutoCloseable {
    private static final byte[] LINE_END = {'\n'};

    private final RowCodec<R> codec;
    private final ObjectKey key;
    private final Gzip.Writer out;
    private final long mostBytes;

    Writer(RowCodec<R> codec, ObjectKey key, int expected) {
      this(codec, key, expected, GzipInput.MAX_INFLATED);
    }

    /** The same with another limit, in bytes of rows. */
    Writer(RowCodec<R> codec, ObjectKey key, int expected, long mostBytes) {
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
}
