package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.RowArchive.RowLossException;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.CorruptObjectException;

class PartitionFileTest {
  private static final PartitionFile<CloseRow> FILE =
      new PartitionFile<>(RowCodec.CLOSES, Month.parse("2026-05"));
  private static final List<String> LINES = GoldenRows.lines("closes.ndjson");

  @Test
  void rowsSurviveTheFile() {
    SampleRows sample = new SampleRows(1);
    List<CloseRow> rows = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      rows.add(sample.close(Month.parse("2026-05")));
    }
    assertThat(read(encode(rows))).isEqualTo(rows);
    assertThat(encode(rows)).isEqualTo(encode(read(encode(rows))));
    assertThat(read(encode(List.of()))).isEmpty();
  }

  @Test
  void aMissingLastLineEndAndEmptyLinesLoseNothing() {
    assertThat(read(gzip(LINES.get(0) + "\n\n" + LINES.get(1)))).hasSize(2);
    assertThat(read(gzip(""))).isEmpty();
  }

  @Test
  void aSessionThatIsThereTwiceIsCorrupt() {
    corrupt(
        LINES.get(0) + "\n" + LINES.get(1) + "\n" + LINES.get(0) + "\n",
        "line 3: session " + GoldenRows.hash(1) + " is there twice");
  }

  @Test
  void aRowOfAnotherMonthIsCorrupt() {
    String june =
        "{\"sessionId\":\"%s\",\"closedAt\":%d}"
            .formatted(GoldenRows.hash(9), Month.parse("2026-06").firstSecond());
    corrupt(
        LINES.get(0) + "\n" + june,
        "line 2: session " + GoldenRows.hash(9) + " is of another month");
    corrupt(june.replace("1780272000", "1777593599"), "line 1: session");
    assertThat(read(gzip(june.replace("1780272000", "1780271999")))).hasSize(1);
    assertThat(read(gzip(june.replace("1780272000", "1777593600")))).hasSize(1);
  }

  @Test
  void aBadLineIsNamedByItsNumber() {
    corrupt(LINES.get(0) + "\n{\"sessionId\":", "line 2: it is not JSON");
    corrupt(LINES.get(0) + "\n\n{}\n", "line 3: it names no schema and has no valid closedAt");
  }

  @Test
  void aLineLongerThanTheBoundIsCorruptAndNeverWritten() {
    String legacy = "{\"sessionId\":\"%s\",\"closedAt\":1777600000,\"x\":\"%s\"}";
    String fits = legacy.formatted(GoldenRows.hash(9), "");
    fits = legacy.formatted(GoldenRows.hash(9), "x".repeat(LineReader.MAX_LINE - fits.length()));
    assertThat(read(gzip(LINES.get(0) + "\n" + fits + "\n" + LINES.get(1)))).hasSize(3);

    corrupt(LINES.get(0) + "\n" + fits + " \n", "line 2: it is longer than 65536 bytes");
    corrupt("x".repeat(1_000_000), "line 1: it is longer than 65536 bytes");
    CloseRow longer = LegacyLine.close(fits + " ");
    assertThatThrownBy(() -> encode(List.of(longer)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("larger than can be read back");
  }

  @Test
  void anExceptionOfTheConsumerIsNotTakenForACorruptRow() {
    assertThatThrownBy(
            () ->
                FILE.read(
                    gzip(LINES.get(0)),
                    row -> {
                      throw new IllegalArgumentException("mine");
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mine");
  }

  @Test
  void aWriteThatWouldDropARowIsRefused() {
    IdSet before = new IdSet();
    GoldenRows.closes().forEach(row -> before.add(row.sessionId()));
    PartitionMerge<CloseRow> merge =
        new PartitionMerge<>(
            RowCodec.CLOSES, UserPrivacy.plain(), Month.parse("2026-05"), List.of());

    assertThatThrownBy(
            () ->
                merge.requireEveryRow(
                    before, new byte[0], List.of(), gzip(LINES.get(0) + "\n" + LINES.get(2))))
        .isInstanceOf(RowLossException.class)
        .hasMessageContaining("raw/closes/2026-05.ndjson.gz: the write would drop 2 of 4 stored");
  }

  private static void corrupt(String content, String what) {
    assertThatThrownBy(() -> read(gzip(content)))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("Reading raw/closes/2026-05.ndjson.gz, " + what)
        .hasMessageContaining("restore an older version");
  }

  private static byte[] encode(List<CloseRow> rows) {
    try (PartitionFile.Writer<CloseRow> writer = FILE.writer(0, false)) {
      rows.forEach(row -> writer.add(row, rows.size()));
      return writer.finish();
    }
  }

  private static byte[] gzip(String content) {
    return Gzip.encode(content.getBytes(UTF_8));
  }

  private static List<CloseRow> read(byte[] body) {
    List<CloseRow> rows = new ArrayList<>();
    FILE.read(body, rows::add);
    return rows;
  }
}
