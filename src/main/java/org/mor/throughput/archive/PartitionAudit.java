package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Sha256;
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

  /**
   * Reads all of a partition's content, without a store.
   *
   * @return how many rows it has that count
   * @throws CorruptObjectException when it is not whole gzip, or a line is no row of the month
   */
  public static long rows(RowKind kind, Month month, byte[] body) {
    return rows(RowCodec.of(kind), month, body);
  }

  private static <R extends SessionRow> long rows(RowCodec<R> codec, Month month, byte[] body) {
    long[] rows = {0};
    new PartitionFile<>(codec, month).read(body, row -> rows[0] += row.retracted() ? 0 : 1);
    return rows[0];
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
        .map(object -> read(RowCodec.of(kind), month, object.body(), listener));
  }

  private static <R extends SessionRow> Audited read(
      RowCodec<R> codec, Month month, byte[] body, Listener listener) {
    Reading<R> reading = new Reading<>(codec, month, listener);
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

  /** One partition on its way through an audit. */
  private static final class Reading<R extends SessionRow> {
    private static final int SHOWN = 40;

    private final RowCodec<R> codec;
    private final Month month;
    private final Listener listener;
    private final RowFields scratch = new RowFields();
    private final MonthDigest digest = new MonthDigest();
    private long rows;
    private long legacy;
    private long retracted;
    private long canonicalBytes;
    private @Nullable R last;

    Reading(RowCodec<R> codec, Month month, Listener listener) {
      this.codec = codec;
      this.month = month;
      this.listener = listener;
    }

    void line(LineReader lines) {
      R row = PartitionFile.row(codec, lines, scratch);
      listener.row(row);
      checkPlace(row, lines.number());
      checkBytes(row, lines);
      count(row);
      last = row;
    }

    /** A retracted row is no part of what is counted and compared. */
    private void count(R row) {
      if (row.retracted()) {
        retracted++;
        return;
      }
      rows++;
      byte @Nullable [] common = codec.encodeCommon(row);
      if (common == null) {
        legacy++;
      } else {
        digest.add(row, common);
      }
    }

    private void checkPlace(R row, long number) {
      if (last != null && RowMerge.FILE_ORDER.compare(last, row) > 0) {
        fault(RowFault.Kind.ORDER, number, row, place(row), "not before " + place(last));
      }
      Month own = Month.of(row.eventTime());
      if (!own.equals(month)) {
        fault(RowFault.Kind.MONTH, number, row, "in " + month, "in " + own);
      }
    }

    private void checkBytes(R row, LineReader lines) {
      byte[] again = codec.encode(row);
      canonicalBytes += again.length + 1;
      int differs =
          Arrays.mismatch(lines.buffer(), lines.start(), lines.end(), again, 0, again.length);
      if (differs >= 0) {
        byte[] stored = Arrays.copyOfRange(lines.buffer(), lines.start(), lines.end());
        fault(
            RowFault.Kind.BYTES,
            lines.number(),
            row,
            excerpt(stored, differs),
            excerpt(again, differs));
      }
    }

    /** Everything was read: what is no line, such as an empty one, shows in the length alone. */
    void end(long inflated) {
      if (inflated != canonicalBytes) {
        listener.fault(
            new RowFault(
                RowFault.Kind.BYTES,
                0,
                "",
                inflated + " bytes uncompressed",
                canonicalBytes + " bytes for its " + (rows + retracted) + " rows"));
      }
    }

    Audited result() {
      return new Audited(codec.kind(), month, rows, legacy, retracted, digest.finish());
    }

    private void fault(RowFault.Kind kind, long line, R row, String stored, String expected) {
      listener.fault(new RowFault(kind, line, row.sessionId().toHex(), stored, expected));
    }

    private String place(R row) {
      return "block %d, log %d".formatted(row.position().block(), row.position().logIndex());
    }

    /** Some text around the first byte that differs. */
    private static String excerpt(byte[] line, int at) {
      int from = Math.max(0, Math.min(at, line.length) - SHOWN / 2);
      int to = Math.min(line.length, at + SHOWN / 2);
      return "..." + new String(line, from, Math.max(0, to - from), UTF_8) + "... at byte " + at;
    }
  }

  /**
   * What two operators compare of a month: the SHA-256 over one line a row, {@code <session id>
   * <block> <SHA-256 of the row>} with a line end, sorted as text. The row is hashed without what
   * two indexers may rightly write differently, so the digest depends on the chain alone.
   */
  static final class MonthDigest {
    private final MessageDigest sha256 = Sha256.start();
    private final List<String> lines = new ArrayList<>();

    /**
     * @param common the row as {@link RowCodec#encodeCommon} writes it
     */
    void add(SessionRow row, byte[] common) {
      lines.add(
          "%s %s %s\n"
              .formatted(
                  row.sessionId().toHex(),
                  row.position().block(),
                  HexFormat.of().formatHex(sha256.digest(common))));
    }

    /** The digest in hex. */
    String finish() {
      lines.sort(null);
      lines.forEach(line -> sha256.update(line.getBytes(US_ASCII)));
      return HexFormat.of().formatHex(sha256.digest());
    }
  }
}
