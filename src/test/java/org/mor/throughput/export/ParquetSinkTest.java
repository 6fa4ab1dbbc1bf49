package org.mor.throughput.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mor.throughput.export.TableColumn.Kind.FLAG;
import static org.mor.throughput.export.TableColumn.Kind.NUMBER;
import static org.mor.throughput.export.TableColumn.Kind.TEXT;
import static org.mor.throughput.export.TableColumn.Kind.TIME;
import static org.mor.throughput.export.TableColumn.Kind.WEI;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.testing.ReadParquet;

class ParquetSinkTest {
  private static final List<TableColumn<Object>> COLUMNS =
      List.of(
          new TableColumn<>("number", NUMBER, row -> row),
          new TableColumn<>("flag", FLAG, row -> row),
          new TableColumn<>("text", TEXT, row -> row),
          new TableColumn<>("wei", WEI, row -> row));

  private static final Wei LARGEST = Wei.parse("9".repeat(38));

  private static byte[] written(int rows) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ParquetSink sink = new ParquetSink(COLUMNS, out);
    for (int i = 0; i < rows; i++) {
      sink.row(Arrays.asList(Long.MAX_VALUE, true, "=ünï" + i, LARGEST));
      sink.row(Arrays.asList(null, false, "", Wei.ZERO));
      sink.row(Arrays.asList(-1L, null, null, null));
    }
    sink.finish();
    return out.toByteArray();
  }

  @Test
  void everyValueComesBackExactlyAndUnknownAsNone(@TempDir Path dir) throws IOException {
    Path file = Files.write(dir.resolve("a.parquet"), written(1));
    assertThat(ReadParquet.rows(file))
        .containsExactly(
            Map.of(
                "number",
                "9223372036854775807",
                "flag",
                "true",
                "text",
                "=ünï0",
                "wei",
                "9".repeat(38)),
            Map.of("flag", "false", "text", "", "wei", "0"),
            Map.of("number", "-1"));
    assertThat(ReadParquet.schema(file))
        .contains("int64 number", "boolean flag", "binary text (STRING)", "wei (DECIMAL(38,0))");
  }

  @Test
  void aTimeStandsOnceMoreAsATimestampBehindTheColumns(@TempDir Path dir) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<TableColumn<Object>> columns =
        List.of(
            new TableColumn<>("closedAt", TIME, row -> row),
            new TableColumn<>("text", TEXT, row -> row));
    ParquetSink sink = new ParquetSink(columns, out);
    sink.row(Arrays.asList(1_777_593_600L, "a"));
    sink.row(Arrays.asList(null, "b"));
    sink.row(Arrays.asList(Long.MAX_VALUE, "c"));
    sink.row(Arrays.asList(Long.MIN_VALUE, "d"));
    sink.finish();
    Path file = Files.write(dir.resolve("a.parquet"), out.toByteArray());
    assertThat(ReadParquet.rows(file))
        .containsExactly(
            Map.of("closedAt", "1777593600", "text", "a", "closedAtUtc", "1777593600000"),
            Map.of("text", "b"),
            Map.of("closedAt", "9223372036854775807", "text", "c"),
            Map.of("closedAt", "-9223372036854775808", "text", "d"));
    assertThat(ReadParquet.schema(file))
        .contains("int64 closedAt;", "int64 closedAtUtc (TIMESTAMP(MILLIS,true))");
  }

  @Test
  void theSameRowsAreTheSameBytes() throws IOException {
    assertThat(written(3_000)).isEqualTo(written(3_000));
  }

  @Test
  void anAmountThatIsTooLargeIsRefusedRatherThanRounded() throws IOException {
    ParquetSink sink = new ParquetSink(COLUMNS, new ByteArrayOutputStream());
    Wei tooLarge = LARGEST.plus(Wei.of(1));
    assertThatThrownBy(() -> sink.row(Arrays.asList(1L, true, "", tooLarge)))
        .isInstanceOf(DoesNotFitException.class)
        .hasMessageContaining("wei 1000000")
        .hasMessageContaining("next: export as csv or ndjson");
  }
}
