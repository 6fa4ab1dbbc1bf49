package org.mor.throughput.archive;

import java.util.Collection;
import java.util.function.Consumer;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectKey;

/** One month of one kind of rows as an object: gzipped lines, in order. */
final class PartitionFile<R extends SessionRow> {
  private static final byte[] LINE_END = {'\n'};

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
        R row = row(lines, scratch);
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

  /**
   * The object that holds exactly these rows, which are in order.
   *
   * @throws IllegalStateException when it could not be read back
   */
  byte[] encode(Collection<R> rows) {
    try (Gzip.Writer out = new Gzip.Writer()) {
      for (R row : rows) {
        byte[] line = codec.encode(row);
        if (line.length > LineReader.MAX_LINE
            || out.size() > GzipInput.MAX_INFLATED - line.length - 1) {
          throw new IllegalStateException(
              "Writing %s: session %s makes it larger than can be read back (%d bytes a line, %d in all)"
                  .formatted(key, row.sessionId(), LineReader.MAX_LINE, GzipInput.MAX_INFLATED));
        }
        out.write(line, 0, line.length);
        out.write(LINE_END, 0, 1);
      }
      return out.finish();
    }
  }

  private R row(LineReader lines, RowFields scratch) {
    try {
      return codec.decode(lines.buffer(), lines.start(), lines.end(), scratch);
    } catch (IllegalArgumentException | ArithmeticException e) {
      CorruptObjectException corrupt = lines.corrupt(String.valueOf(e.getMessage()));
      corrupt.initCause(e);
      throw corrupt;
    }
  }
}
