package org.mor.throughput.archive;

import java.util.Optional;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectStore;

/** Reads partitions exactly as they are stored and tells what no writer would have left there. */
public final class PartitionAudit {
  private final ObjectStore store;

  public PartitionAudit(ObjectStore store) {
    this.store = store;
  }

  /** Gets the rows of a partition in their order, each before its faults. */
  public interface Listener {
    void row(SessionRow row);

    void fault(RowFault fault);
  }

  /**
   * What a partition holds.
   *
   * @param rows how many rows count
   * @param legacy how many of them are of the earlier indexer
   * @param retracted how many rows count no more
   * @param digest the month's digest in hex, over the rows that count, but for those of the earlier
   *     indexer
   */
  public record Audited(
      RowKind kind, Month month, long rows, long legacy, long retracted, String digest) {}

  /**
   * Reads a partition; empty when there is none. What the listener got before an exception is of a
   * damaged object.
   *
   * @throws CorruptObjectException when it is not whole gzip, or a line is no row
   */
  public Optional<Audited> read(RowKind kind, Month month, Listener listener) {
    return store
        .find(kind.key(month))
        .map(
            object ->
                kind == RowKind.OPENS
                    ? read(new OpenRowCodec(), month, object.body(), listener)
                    : read(new CloseRowCodec(), month, object.body(), listener));
  }

  private static <R extends SessionRow> Audited read(
      RowCodec<R> codec, Month month, byte[] body, Listener listener) {
    PartitionReading<R> reading = new PartitionReading<>(codec, month, listener);
    try (LineReader lines = new LineReader(codec.kind().key(month), body)) {
      while (lines.next()) {
        reading.line(lines);
      }
      reading.end(lines.inflated());
    }
    return reading.result();
  }

  /**
   * Something in a partition that no writer leaves there.
   *
   * @param line the line's number from 1 on; 0 for the file as a whole
   * @param session the session's id, or an empty text
   * @param stored what is there, shortened
   * @param expected what should be
   */
  public record RowFault(Kind kind, long line, String session, String stored, String expected) {
    /** What kind of fault it is. */
    public enum Kind {
      /** The row stands behind one that it should precede. */
      ORDER,
      /** The row belongs to another month's partition. */
      MONTH,
      /** Writing the row again gives other bytes. */
      BYTES
    }
  }
}
