package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.PartitionAudit.Audited;
import org.mor.throughput.archive.PartitionAudit.RowFault;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionRow;

/** One partition on its way through an audit. */
final class PartitionReading<R extends SessionRow> {
  private static final int SHOWN = 40;

  private final RowCodec<R> codec;
  private final Month month;
  private final PartitionAudit.Listener listener;
  private final RowFields scratch = new RowFields();
  private final MonthDigest digest = new MonthDigest();
  private long rows;
  private long legacy;
  private long retracted;
  private long canonicalBytes;
  private @Nullable R last;

  PartitionReading(RowCodec<R> codec, Month month, PartitionAudit.Listener listener) {
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
