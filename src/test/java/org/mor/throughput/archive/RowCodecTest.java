package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.Layout.Column;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.SessionRow.Reading;

class RowCodecTest {
  private static final RowCodec<CloseRow> CLOSES = RowCodec.CLOSES;
  private static final RowCodec<OpenRow> OPENS = RowCodec.OPENS;

  @Test
  void closesAreWrittenAsTheGoldenFileHasThem() {
    assertThat(GoldenRows.closes().stream().map(row -> text(CLOSES, row)).toList())
        .isEqualTo(GoldenRows.lines("closes.ndjson"));
  }

  @Test
  void opensAreWrittenAsTheGoldenFileHasThem() {
    assertThat(GoldenRows.opens().stream().map(row -> text(OPENS, row)).toList())
        .isEqualTo(GoldenRows.lines("opens.ndjson"));
  }

  @Test
  void theGoldenFilesReadAsTheRowsTheyWereWrittenFrom() {
    assertThat(GoldenRows.lines("closes.ndjson").stream().map(RowCodecTest::close).toList())
        .isEqualTo(GoldenRows.closes());
    assertThat(GoldenRows.lines("opens.ndjson").stream().map(RowCodecTest::open).toList())
        .isEqualTo(GoldenRows.opens());
  }

  @Test
  void rowsOfSchema3SayWhenTheyWereReadAndWhetherTheyWereRetracted() {
    assertThat(GoldenRows.readAgain(GoldenRows.closes()).stream().map(r -> text(CLOSES, r)))
        .containsExactlyElementsOf(GoldenRows.lines("closes-3.ndjson"));
    assertThat(GoldenRows.readAgain(GoldenRows.opens()).stream().map(r -> text(OPENS, r)))
        .containsExactlyElementsOf(GoldenRows.lines("opens-3.ndjson"));
    assertThat(GoldenRows.lines("closes-3.ndjson").stream().map(RowCodecTest::close).toList())
        .isEqualTo(GoldenRows.readAgain(GoldenRows.closes()));
    assertThat(GoldenRows.lines("opens-3.ndjson").stream().map(RowCodecTest::open).toList())
        .isEqualTo(GoldenRows.readAgain(GoldenRows.opens()));
  }

  @Test
  void everySchemaIsReadByTheFastReader() {
    for (String name : List.of("closes.ndjson", "closes-3.ndjson")) {
      assertThat(readPlain(Layout.CLOSES, name)).as(name).isPositive();
    }
    for (String name : List.of("opens.ndjson", "opens-3.ndjson")) {
      assertThat(readPlain(Layout.OPENS, name)).as(name).isPositive();
    }
  }

  /** How many lines the fast reader takes; it leaves escapes and amounts beyond 36 digits. */
  private static long readPlain(Layout layout, String name) {
    List<String> lines =
        GoldenRows.lines(name).stream()
            .filter(line -> !line.contains("\\") && !line.contains("\"115792"))
            .toList();
    for (String line : lines) {
      byte[] bytes = line.getBytes(UTF_8);
      RowFields fields = new RowFields();
      assertThat(new PlainLine(layout, 0).read(bytes, 0, bytes.length, fields)).as(line).isTrue();
    }
    return lines.size();
  }

  @Test
  void aSchemaHasItsOwnColumnsAndNoOthers() {
    String close = GoldenRows.lines("closes-3.ndjson").get(0);
    String open = GoldenRows.lines("opens-3.ndjson").get(0);
    refused(close.replace("\"schema\":3", "\"schema\":2"), "its schema 2 has no generation");
    refused(close.replace("\"generation\":1", "\"generation\":4294967296"), "overflow");
    refused(close.replace("\"generation\":1", "\"generation\":-1"), "generation is not");
    refused(close.replace("}", ",\"retracted\":1}"), "retracted is not true or false");
    assertThatThrownBy(() -> open(open.replace("\"schema\":3", "\"schema\":2")))
        .hasMessageContaining("its schema 2 has no readAtBlock");
    assertThatThrownBy(() -> open(open.replace("\"readAtBlock\":45500000,", "")))
        .hasMessageContaining("it lacks readAtBlock");
    assertThatThrownBy(() -> open(open.replace("\"readAtBlock\":45500000", "\"readAtBlock\":4")))
        .hasMessageContaining("opened in block 45410000 but read at 4");
  }

  @Test
  void aLineThatSpellsOutTheDefaultsIsWrittenWithoutThem() {
    SessionClose row = GoldenRows.closes().get(0).withReading(Reading.at(45_500_000, 0));
    String line = text(CLOSES, row);

    assertThat(close(line.replace("}", ",\"generation\":0,\"retracted\":false}"))).isEqualTo(row);
    assertThat(line).doesNotContain("generation", "retracted");
  }

  @Test
  void anyOrderAndSpacingReadsAsTheSameRow() {
    String line = GoldenRows.lines("closes.ndjson").get(0);
    String other =
        "{ \"readAtBlock\" : 45500000 , "
            + line.substring(1).replace(",\"readAtBlock\":45500000", "").replace(",", ", ");

    assertThat(close(other)).isEqualTo(GoldenRows.closes().get(0));
    assertThat(close(line.replace("0x01", "0x01").replace("c1c1", "C1C1")))
        .isEqualTo(GoldenRows.closes().get(0));
  }

  @Test
  void bothWaysOfReadingAgreeOnEveryRow() {
    SampleRows sample = new SampleRows(3);
    RowFields plain = new RowFields();
    RowFields parsed = new RowFields();
    for (int i = 0; i < 500; i++) {
      byte[] line = CLOSES.encode(sample.close(Month.parse("2026-05")));

      assertThat(new PlainLine(Layout.CLOSES, 0).read(line, 0, line.length, plain)).isTrue();
      parsed.read(line, 0, line.length, Layout.CLOSES);

      assertThat(plain.seen()).isEqualTo(parsed.seen());
      for (Column column : Column.values()) {
        if (column.type() == Column.Type.WEI) {
          assertThat(plain.wei(column)).isEqualTo(parsed.wei(column));
        }
      }
      assertThat(CLOSES.encode(close(new String(line, UTF_8)))).isEqualTo(line);
    }
  }

  @Test
  void noLineCutShortReadsAsARow() {
    for (String line : GoldenRows.lines("closes.ndjson")) {
      for (int length = 1; length < line.length(); length++) {
        String cut = line.substring(0, length);
        assertThatThrownBy(() -> close(cut)).isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void readersOfFactsGetTheFactsOfTheWholeRow() {
    for (String line : GoldenRows.lines("closes.ndjson")) {
      assertThat(decode(RowCodec.CLOSE_FACTS, line).facts()).isEqualTo(close(line).facts());
    }
  }

  @Test
  void aRowThatIsNotExactlyOneOfTodaysSchemaIsRefused() {
    String line = GoldenRows.lines("closes.ndjson").get(0);
    refused(line.replace("\"schema\":2", "\"schema\":4"), "a newer program may have written it");
    refused(line.replace("\"schema\":2", "\"schema\":\"2\""), "schema is not a whole number");
    refused(line.replace("\"schema\":2", "\"schema\":null"), "schema is not a whole number");
    refused(line.replace("\"schema\":2,", "\"schema\":2,\"extra\":1,"), "unknown key");
    refused(line.replace("\"logIndex\":1,", ""), "it lacks logIndex");
    refused(line.replace("\"logIndex\":1,", "\"logIndex\":1,\"logIndex\":1,"), "there twice");
    refused(line.replace("\"logIndex\":1,", "\"logIndex\":1.0,"), "logIndex is not a whole number");
    refused(line.replace("\"logIndex\":1,", "\"logIndex\":-1,"), "logIndex is not a whole number");
    refused(
        line.replace("\"logIndex\":1,", "\"logIndex\":null,"), "logIndex is not a whole number");
    refused(
        line.replace("\"logIndex\":1,", "\"logIndex\":9223372036854775808,"), "logIndex is not");
    refused(line.replace("\"directPayment\":false", "\"directPayment\":0"), "not true or false");
    refused(
        line.replace("\"1500000000000000000\"", "1500000000000000000"),
        "stakeWei is not a JSON string");
    refused(line.replace("\"1500000000000000000\"", "\"1.5\""), "Wei must be");
    refused(line.replace("0x0101", "0x01"), "Not 0x hex");
    refused(line.replace("\"0x0101", " \"0x01"), "Expected 32 bytes");
    refused(line.replace("0xf1f1", "0xf1"), "Not 0x hex");
    refused(line.replace("0x0101", "0x01zz"), "Not 0x hex");
    refused(line.replace("seven-field", "eight-field"), "unknown receipt format");
    refused(line.replace("seven-field", "five-field"), "seven-field receipts only");
    refused(line.replace("\"closedAt\":1777597000", "\"closedAt\":1"), "impossible times");
    refused(
        line.replace("\"durationSeconds\":3400", "\"durationSeconds\":3401"),
        "its times give 3400");
    refused(line.replace("\"closeoutType\":0", "\"closeoutType\":4294967296"), "overflow");
    refused(line + "{}", "it is not JSON");
    refused("[" + line + "]", "it is not a JSON object");
    refused("\"schema\"", "it is not a JSON object");
  }

  @Test
  void hostileNamesSurviveAsValidJsonInAscii() {
    for (String name :
        List.of(GoldenRows.HOSTILE_NAME, "\"\\".repeat(1500), "\ud800".repeat(3000))) {
      SessionClose row = named(GoldenRows.closes().get(0), name);
      String line = text(CLOSES, row);

      assertThat(line).isASCII().doesNotContain("\n", "\r");
      assertThat(((SessionClose) close(line)).modelName()).isEqualTo(name);
    }
  }

  private static SessionClose named(SessionClose row, String name) {
    return new SessionClose(
        row.sessionId(),
        row.user(),
        row.provider(),
        row.bidId(),
        row.modelId(),
        name,
        row.openedAt(),
        row.endsAt(),
        row.closedAt(),
        row.stake(),
        row.pricePerSecond(),
        row.paid(),
        row.closeoutType(),
        row.directPayment(),
        row.receipt(),
        row.position(),
        row.txHash(),
        row.reading());
  }

  private static void refused(String line, String why) {
    assertThatThrownBy(() -> close(line)).as(line).hasMessageContaining(why);
  }

  private static <R extends SessionRow> String text(RowCodec<R> codec, R row) {
    return new String(codec.encode(row), UTF_8);
  }

  private static CloseRow close(String line) {
    return decode(CLOSES, line);
  }

  private static OpenRow open(String line) {
    return decode(OPENS, line);
  }

  private static <R extends SessionRow> R decode(RowCodec<R> codec, String line) {
    byte[] bytes = ("xx" + line + "yy").getBytes(UTF_8);
    return codec.decode(bytes, 2, bytes.length - 2, new RowFields());
  }
}
