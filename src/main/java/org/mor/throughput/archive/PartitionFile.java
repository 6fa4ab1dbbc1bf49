package org.mor.throughput.archive;

import java.util.function.Consumer;
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
  PartitionWriter<R> writer(int expected) {
    return new PartitionWriter<>(codec, key, expected);
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
}
