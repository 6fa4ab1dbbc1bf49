package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.testing.ReadCsv;
import org.mor.throughput.testing.ReadParquet;

/** Tables of a store: whoever adds them up gets the published figures. */
class ExportPathTest {
  private static final String OLD_ROW =
      "{\"sessionId\":\"0x%s\",\"closedAt\":1767225599,\"openedAt\":1767225000,\"tokensEst\":1.5,\"inputTokens\":5,\"outputTokens\":7,\"closeoutType\":1}\n"
          .formatted("ab".repeat(32));

  private static Path home;
  private static EndToEnd cli;
  private static JsonNode allTime;

  @BeforeAll
  static void fillAStore(@TempDir Path temp) throws IOException {
    home = temp;
    SimulatedMarket market = SmallMarket.create();
    cli =
        new EndToEnd(temp)
            .with("START_BLOCK", Long.toString(market.startBlock()))
            .with("LEGACY_ESTIMATE_FROM", "2026-04-01")
            .with("LEGACY_ESTIMATE_UNTIL", "2026-12-01");
    try (SimulatedNode node = SmallMarket.serve(market)) {
      cli.node(node.url());
      cli.run("backfill --start-block " + market.startBlock()).done();
    }
    Path old = cli.store().resolve("raw/closes/2025-12.ndjson.gz");
    Files.write(old, OperatorPathTest.gzip(OLD_ROW));
    cli.with("GATEWAY_WALLETS", Objects.requireNonNull(printed("closes").get(1).get("user")));
    cli.run("rollup").done();
    allTime =
        JsonLines.parse(Files.readString(cli.store().resolve("summary.json"))).path("allTime");
  }

  private static List<Map<String, String>> printed(String what) {
    return ReadCsv.rows(cli.run("export --format csv --out - --what " + what).done().out());
  }

  private static List<Map<String, String>> written(String format) throws IOException {
    Path file = home.resolve("figures." + format);
    cli.run("export --force --format %s --out %s".formatted(format, file)).done();
    if (format.equals("parquet")) {
      return ReadParquet.rows(file);
    }
    String text = Files.readString(file, StandardCharsets.UTF_8);
    return format.equals("csv") ? ReadCsv.rows(text) : ndjson(text);
  }

  private static List<Map<String, String>> ndjson(String text) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : text.split("\n", 0)) {
      Map<String, String> row = new LinkedHashMap<>();
      JsonLines.parse(line)
          .properties()
          .forEach(field -> row.put(field.getKey(), field.getValue().asText("")));
      rows.add(row);
    }
    return rows;
  }

  private static BigInteger sum(List<Map<String, String>> rows, String column) {
    return rows.stream()
        .map(row -> row.getOrDefault(column, ""))
        .filter(cell -> !cell.isEmpty())
        .map(BigInteger::new)
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  private static BigDecimal mor(List<Map<String, String>> rows, String column) {
    return new BigDecimal(sum(rows, column), 18).setScale(6, RoundingMode.HALF_EVEN);
  }

  private static long count(
      List<Map<String, String>> rows, Predicate<? super Map<String, String>> kind) {
    return rows.stream().filter(kind).count();
  }

  private static Predicate<Map<String, String>> is(String column, String value) {
    return row -> value.equals(row.get(column));
  }

  private static long distinct(List<Map<String, String>> rows, String column) {
    return rows.stream()
        .map(row -> row.getOrDefault(column, ""))
        .filter(cell -> !cell.isEmpty())
        .distinct()
        .count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "ndjson", "parquet"})
  void sumsOfATableAreThePublishedFigures(String format) throws IOException {
    List<Map<String, String>> rows = written(format);
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("sessionsOpened", printed("opens").size());
    found.put("sessionsClosed", rows.size());
    found.put("sessionsDisputed", count(rows, is("disputed", "true")));
    found.put("sessionsClosedEarly", count(rows, is("closedEarly", "true")));
    found.put("sessionsWithTokens", count(rows, is("tokenClass", "receipt")));
    found.put("sessionsLegacyEst", count(rows, is("tokenClass", "legacy-estimate")));
    found.put("sessionsMissingTokens", count(rows, is("tokenClass", "missing")));
    found.put("sessionsFlagged", count(rows, is("implausible", "true")));
    found.put("sessionsGateway", count(rows, is("gateway", "true")));
    found.put("inputTokens", sum(rows, "inputTokens"));
    found.put("outputTokens", sum(rows, "outputTokens"));
    found.put("tokensLegacyEst", new BigDecimal(sum(rows, "legacyEstTokensScaled1000"), 3));
    found.put("sessionSeconds", sum(rows, "durationSeconds"));
    found.put("morStake", mor(rows, "stakeWei"));
    found.put("morPaid", mor(rows, "paidWei"));
    found.put("morEarned", mor(rows, "earnedWei"));
    found.put("uniqueUsers", distinct(rows, "user"));
    found.put("uniqueProviders", distinct(rows, "provider"));
    found.put("uniqueModels", distinct(rows, "modelId"));
    found.forEach(
        (name, value) -> {
          BigDecimal exact = new BigDecimal(value.toString());
          assertThat(exact).as(name).isEqualByComparingTo(allTime.path(name).asText());
          assertThat(exact.signum()).as(name + " shows something").isPositive();
        });
  }

  @Test
  void aTableHoldsTheSameInEveryFormat() throws IOException {
    List<Map<String, String>> csv = written("csv");
    List<Map<String, String>> parquet = written("parquet");
    List<Map<String, String>> ndjson = written("ndjson");
    for (int i = 0; i < csv.size(); i++) {
      Map<String, String> known = new LinkedHashMap<>(ndjson.get(i));
      known.values().removeIf(String::isEmpty);
      parquet.get(i).values().removeIf(String::isEmpty);
      for (String time : List.of("openedAt", "endsAt", "closedAt")) {
        String seconds = parquet.get(i).get(time);
        assertThat(parquet.get(i).remove(time + "Utc"))
            .isEqualTo(seconds == null ? null : seconds + "000");
      }
      assertThat(parquet.get(i)).containsExactlyEntriesOf(known);
      // The one text that strangers choose; HostileTextTest compares it.
      csv.get(i).remove("modelName");
      ndjson.get(i).remove("modelName");
    }
    assertThat(csv).isEqualTo(ndjson);
  }

  @Test
  void whatAnOldRowDoesNotSayIsEmpty() throws IOException {
    Map<String, String> old = written("csv").get(0);
    assertThat(old)
        .containsEntry("schema", "1")
        .containsEntry("closedAt", "1767225599")
        .containsEntry("disputed", "true")
        .containsEntry("tokenClass", "receipt")
        .containsEntry("inputTokens", "5")
        .containsEntry("user", "")
        .containsEntry("modelName", "")
        .containsEntry("blockNumber", "")
        .containsEntry("receiptFormat", "");
  }

  @Test
  void rowsComeInTheOrderOfTheirBlocks() throws IOException {
    for (String what : new String[] {"opens", "closes"}) {
      List<Long> blocks =
          printed(what).stream()
              .map(row -> Objects.requireNonNull(row.get("blockNumber")))
              .filter(block -> !block.isEmpty())
              .map(Long::valueOf)
              .toList();
      assertThat(blocks).isSorted().hasSizeGreaterThan(100);
    }
  }

  @Test
  void aMonthAndItsDaysAreTheSameRows() {
    String month = cli.run("export --format csv --partition 2026-05 --out -").done().out();
    String days =
        cli.run("export --format csv --from 2026-05-01 --to 2026-05-31 --out -").done().out();
    assertThat(days).isEqualTo(month);
    assertThat(ReadCsv.rows(month))
        .isNotEmpty()
        .allSatisfy(
            row ->
                assertThat(Long.parseLong(row.get("closedAt")))
                    .isBetween(1777593600L, 1780271999L));
    String none =
        cli.run("export --format csv --from 2025-12-01 --to 2025-12-01 --out -").done().out();
    assertThat(ReadCsv.lines(none)).as("a table without rows").hasSize(1);
  }

  @Test
  void aFileThatIsThereIsKeptUntilForced(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("t.csv"), "mine");
    cli.run("export --format csv --out " + file).failed(2, file + " exists", "--force");
    assertThat(file).hasContent("mine");
    cli.run("export --format csv --force --out " + file).done();
    assertThat(Files.readString(file)).startsWith("schema,sessionId,");
  }

  @Test
  void aFailedExportLeavesNothing(@TempDir Path dir) throws IOException {
    Path late = cli.store().resolve("raw/opens/2026-06.ndjson.gz");
    byte[] whole = Files.readAllBytes(late);
    try {
      Files.write(late, new byte[] {1, 2, 3});
      for (String format : new String[] {"csv", "ndjson", "parquet"}) {
        cli.run("export --what opens --format %s --out %s".formatted(format, dir))
            .failed(5, "raw/opens/2026-06.ndjson.gz", "next: restore");
        assertThat(dir).isEmptyDirectory();
      }
    } finally {
      Files.write(late, whole);
    }
    cli.run("export --what opens --format csv --out " + dir).done();
    assertThat(dir.toFile().list()).containsExactly("opens.csv");
  }

  @Test
  void aReaderThatStopsEarlyIsNoFailure(@TempDir Path dir) throws Exception {
    Ran ran = ran(dir, "export --format csv --out -", "| :");
    assertThat(ran.said).doesNotContain("error", "next", "rows");
    assertThat(ran.code).isZero();
  }

  @Test
  void aFullDiskIsSaid(@TempDir Path dir) throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")));
    Ran ran = ran(dir, "export --format csv --out -", "> /dev/full");
    assertThat(ran.said).contains("error: Writing standard output failed", "not whole");
    assertThat(ran.code).isEqualTo(2);
  }

  private record Ran(int code, String said) {}

  /** The program as a process of its own in a shell; what it says on standard error. */
  private static Ran ran(Path dir, String command, String behind) throws Exception {
    String line =
        "'%s' -Dindexer.home='%s' -cp '%s' %s %s 2> '%s' %s; exit ${PIPESTATUS[0]}"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                home,
                System.getProperty("java.class.path"),
                Main.class.getName(),
                command,
                dir.resolve("said"),
                behind);
    ProcessBuilder shell = new ProcessBuilder("bash", "-c", line);
    shell.environment().put("STORE", "file:store");
    int code = shell.start().waitFor();
    return new Ran(code, Files.readString(dir.resolve("said")));
  }

  @Test
  void withoutAPlaceItGoesIntoLocalRaw() {
    EndToEnd.Ended ended = cli.run("export --format ndjson --what opens --json --force").done();
    Path file = home.resolve("local-raw/opens.ndjson");
    assertThat(file).isNotEmptyFile();
    JsonNode said = JsonLines.parse(ended.out());
    assertThat(said.path("file").asText()).isEqualTo(file.toString());
    assertThat(said.path("rows").asInt()).isEqualTo(allTime.path("sessionsOpened").asInt());
  }

  @Test
  void whatCannotBeWrittenIsSaid(@TempDir Path dir) throws IOException {
    Path absent = dir.resolve("no/such.csv");
    cli.run("export --format csv --out " + absent)
        .failed(2, absent.toString(), "no such directory");
    Path below = Files.writeString(dir.resolve("file"), "x").resolve("a.parquet");
    cli.run("export --format parquet --out " + below).failed(2, below.toString(), "--out");
    cli.run("export --format csv --partition 2026-01")
        .failed(2, "no closes of that time", "2025-12 to 2026-06");
    cli.run("export --format parquet --out -").failed(2, "Parquet is no text");
  }

  @Test
  void parquetIsWrittenWithoutHadoop(@TempDir Path dir) throws Exception {
    String path =
        String.join(
            File.pathSeparator,
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> !jar.contains("hadoop-common") && !jar.contains("hadoop-mapreduce"))
                .toList());
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dindexer.home=" + home,
            "-cp",
            path,
            "org.mor.throughput.cli.Main",
            "export",
            "--format",
            "parquet",
            "--what",
            "opens",
            "--out",
            dir.resolve("a.parquet").toString());
    builder.environment().put("STORE", "file:store");
    builder.redirectErrorStream(true).redirectOutput(dir.resolve("log").toFile());
    assertThat(builder.start().waitFor()).as(Files.readString(dir.resolve("log"))).isZero();
    assertThat(ReadParquet.rows(dir.resolve("a.parquet"))).hasSize(printed("opens").size());
    assertThat(path).as("the class path without Hadoop").contains("parquet-hadoop");
  }
}
