package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.config.Variable;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserId;
import org.mor.throughput.sql.DuckDb;
import org.mor.throughput.sql.SavedQueries;
import org.mor.throughput.testing.StoredRows;
import org.mor.throughput.testing.StrictS3Server;

/** A demo's rows as tables: the saved queries over them, and the lake of {@code export}. */
class LakePathTest {
  private static final String OLD_ROW =
      "{\"sessionId\":\"0x%s\",\"closedAt\":1767225599,\"openedAt\":1767225000,\"endsAt\":1767225100,\"pricePerSecondWei\":\"7\",\"inputTokens\":5,\"outputTokens\":7,\"tpsScaled1000\":9,\"closeoutType\":1}\n"
          .formatted("ab".repeat(32));

  private static final String LAKE = "export --format parquet --partition-by month --to ";
  private static final Pattern USER = Pattern.compile("\"user\":\"(0x[0-9a-f]{40})\"");

  /** A store of the demo, with a retracted row of each kind; never changed. */
  private static Path stored;

  @TempDir Path home = Path.of("");

  @BeforeAll
  static void fillAStore(@TempDir Path temp) throws IOException {
    EndToEnd cli = at(temp);
    SimulatedMarket market = SmallMarket.create();
    try (SimulatedNode node = SmallMarket.serve(market)) {
      cli.node(node.url());
      cli.run("backfill --start-block " + market.startBlock()).done();
    }
    stored = cli.store();
    retract("opens");
    retract("closes");
    cli.run("rollup").done();
  }

  private static EndToEnd at(Path home) {
    return new EndToEnd(home)
        .with("START_BLOCK", "1")
        .with("LEGACY_ESTIMATE_FROM", "2026-04-01")
        .with("LEGACY_ESTIMATE_UNTIL", "2026-12-01");
  }

  private static void retract(String kind) throws IOException {
    retract(stored.resolve("raw/" + kind + "/2026-06.ndjson.gz"), 3);
  }

  private static void retract(Path partition, int row) throws IOException {
    String[] lines = StoredRows.text(Files.readAllBytes(partition)).split("\n", 0);
    lines[row] = lines[row].replaceFirst("}$", ",\"retracted\":true}");
    Files.write(partition, OperatorPathTest.gzip(String.join("\n", lines) + "\n"));
  }

  /** The store again, in this test's own home. */
  private EndToEnd copied() throws IOException {
    EndToEnd cli = at(home);
    try (Stream<Path> files = Files.walk(stored)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = cli.store().resolve(stored.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    return cli;
  }

  private static MetricRules rules(Set<UserId> gateway) {
    long from = Instant.parse("2026-04-01T00:00:00Z").getEpochSecond();
    long until = Instant.parse("2026-12-01T00:00:00Z").getEpochSecond();
    return new MetricRules(500, from, until, gateway);
  }

  @Test
  void theSavedQueriesSayWhatTheDocumentsSay() throws Exception {
    EndToEnd cli = copied();
    Files.write(
        cli.store().resolve("raw/closes/2025-12.ndjson.gz"), OperatorPathTest.gzip(OLD_ROW));
    byte[] closes = Files.readAllBytes(cli.store().resolve("raw/closes/2026-06.ndjson.gz"));
    String user =
        USER.matcher(StoredRows.text(closes)).results().findFirst().orElseThrow().group(1);
    cli.with("GATEWAY_WALLETS", user).run("rollup").done();
    try (DuckDb duck = DuckDb.overRows(cli.store())) {
      SavedQueries.Compared compared =
          SavedQueries.assertAgree(cli.store(), rules(Set.of(UserId.fromHex(user))), duck::query);
      assertThat(compared.figures())
          .contains("tokensGateway", "tokensLegacyEst", "tokensDisputed", "tokensFlagged")
          .contains("sessionsIdle", "sessionsClosedEarly", "tpsP95", "ttftMsP99", "morEarned");
    }
  }

  /** Each is a mistake that a query could have; the comparison sees all of them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          (c.retracted is null or not c.retracted) | true
          (o.retracted is null or not o.retracted) | true
          c.closedAt < c.endsAt | c.closedAt <= c.openedAt
          then least(c.tpsScaled1000 | then greatest(c.tpsScaled1000
          coalesce(c.closeoutType, 0) <> 1 | c.closeoutType is not null
          samples * 95 | samples * 90
          count(distinct wallet) | count(wallet)
          sum(stake_wei) | sum(paid_wei)
          output_tokens > 2000 | output_tokens > 1
          """)
  void aWrongQueryIsSeen(String right, String wrong) throws Exception {
    try (DuckDb duck = DuckDb.overRows(stored)) {
      SavedQueries.Engine engine =
          sql -> {
            assertThat(sql).contains(right);
            return duck.query(sql.replace(right, wrong));
          };
      assertThatThrownBy(() -> SavedQueries.assertAgree(stored, rules(Set.of()), engine))
          .isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void theQueriesDifferInTheirBucketsOnly() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("sql"))) {
      assertThat(files.map(LakePathTest::common).distinct()).hasSize(1);
    }
  }

  /** Athena takes a parameter in no place but a condition: the values are set in the text. */
  @Test
  void settingsAreTheDefaultsUntilTheyAreSet() throws IOException {
    Function<Variable, Long> second = day -> LocalDate.parse(day.byDefault()).toEpochDay() * 86_400;
    assertThat(Files.readString(Path.of("sql/daily.sql")))
        .doesNotContain("?")
        .contains("cast(0 as bigint) as as_of_block, -- set this")
        .contains("cast(0 as bigint) as as_of_time, -- set this")
        .contains("cast(%s as bigint) as tps_clamp".formatted(Variable.TPS_CLAMP.byDefault()))
        .contains(
            "cast(%d as bigint) as legacy_from"
                .formatted(second.apply(Variable.LEGACY_ESTIMATE_FROM)))
        .contains(
            "cast(%d as bigint) as legacy_until"
                .formatted(second.apply(Variable.LEGACY_ESTIMATE_UNTIL)))
        .contains("cast('' as varchar(4000)) as gateway_wallets");
  }

  private static String common(Path query) {
    try {
      String sql = Files.readString(query);
      return sql.substring(sql.indexOf("\n"), sql.indexOf("placed as ("))
          + sql.substring(sql.indexOf("tps_ranked as ("));
    } catch (IOException e) {
      throw new AssertionError(query + "", e);
    }
  }

  @Test
  void aLakeHoldsTheRowsAndOnlyChangedMonthsAreWrittenAgain() throws Exception {
    EndToEnd cli = copied();
    Path lake = home.resolve("lake");
    assertThat(cli.run(LAKE + lake).done().out()).contains(" 0 unchanged, version 1\n");
    assertLakeAgrees(lake, cli.store());
    Map<String, String> before = SmallMarket.everything(lake);
    assertThat(cli.run(LAKE + lake).done().out()).contains("lake: ", " 0 files written", "on 1\n");
    assertThat(SmallMarket.everything(lake)).as("nothing is written").isEqualTo(before);

    retract(cli.store().resolve("raw/closes/2026-05.ndjson.gz"), 5);
    cli.run("rollup").done();
    JsonNode said = JsonLines.parse(cli.run(LAKE + lake + " --json").done().out());
    assertThat(said.path("written").asInt()).isEqualTo(1);
    assertThat(said.path("version").asInt()).isEqualTo(2);
    assertLakeAgrees(lake, cli.store());
    Map<String, String> after = new TreeMap<>(SmallMarket.everything(lake));
    after.keySet().removeAll(before.keySet());
    assertThat(after.keySet()).hasSize(1).first().asString().startsWith("closes/month=2026-05/");
  }

  /** The manifest's files are the pointers' files, and the queries over them agree. */
  private static void assertLakeAgrees(Path lake, Path store) throws Exception {
    JsonNode manifest = JsonLines.parse(Files.readString(lake.resolve("manifest.json")));
    assertThat(manifest.path("files")).hasSizeGreaterThan(5);
    for (JsonNode file : manifest.path("files")) {
      String part =
          "%s/month=%s".formatted(file.path("kind").asText(), file.path("month").asText());
      assertThat(file.path("file").asText()).startsWith(part + "/part-");
      assertThat(lake.resolve("current/" + part + "/files"))
          .hasContent("file:%s/%s\n".formatted(lake, file.path("file").asText()));
    }
    try (DuckDb duck = DuckDb.overLake(lake)) {
      SavedQueries.assertAgree(store, rules(Set.of()), duck::query);
    }
  }

  @Test
  void theColumnsAreThoseThatTablesDeclare() throws Exception {
    Path lake = home.resolve("lake");
    copied().run(LAKE + lake).done();
    try (DuckDb duck = DuckDb.overLake(lake)) {
      assertThat(columns(duck, "raw_closes")).isEqualTo(SavedQueries.LAKE_CLOSES);
      assertThat(columns(duck, "raw_opens")).isEqualTo(SavedQueries.LAKE_OPENS);
    }
    for (String kind : new String[] {"opens", "closes"}) {
      byte[] rows = Files.readAllBytes(stored.resolve("raw/" + kind + "/2026-06.ndjson.gz"));
      Set<String> declared =
          kind.equals("opens") ? SavedQueries.OPENS.keySet() : SavedQueries.CLOSES.keySet();
      for (String line : StoredRows.text(rows).split("\n", 0)) {
        assertThat(JsonLines.parse(line).fieldNames()).toIterable().isSubsetOf(declared);
      }
    }
  }

  /** Names and types of a lake's files, the types as Hive has them. */
  private static Map<String, String> columns(DuckDb duck, String table) throws SQLException {
    Map<String, String> columns = new LinkedHashMap<>();
    for (Map<String, Object> column : duck.query("describe " + table)) {
      columns.put(
          String.valueOf(column.get("column_name")),
          String.valueOf(column.get("column_type"))
              .replace("VARCHAR", "string")
              .replace("TIMESTAMP WITH TIME ZONE", "timestamp")
              .toLowerCase(Locale.ROOT));
    }
    assertThat(columns.remove("retracted")).as("the view's own").isEqualTo("boolean");
    columns.remove("month");
    return columns;
  }

  @Test
  void aLakeThatWasCutShortIsCompleted() throws IOException {
    EndToEnd cli = copied();
    Path lake = home.resolve("lake");
    cli.run(LAKE + lake).done();
    Map<String, String> whole = SmallMarket.everything(lake);
    Files.delete(lake.resolve("manifest.json"));
    Files.delete(lake.resolve("current/opens/month=2026-05/files"));
    Files.writeString(lake.resolve("current/closes/month=2026-05/files"), "file:/older.parquet\n");
    cli.run(LAKE + lake).done();
    assertThat(SmallMarket.everything(lake)).isEqualTo(whole);
  }

  @Test
  void aLakeOfOtherRowsIsLeftAlone() throws IOException {
    EndToEnd cli = copied();
    Path lake = home.resolve("lake");
    cli.run(LAKE + lake).done();
    Path manifest = lake.resolve("manifest.json");
    String right = Files.readString(manifest);
    String[][] others = {
      {"\"network\":\"base\"", "\"network\":\"base-sepolia\"", "it is of base-sepolia 0x"},
      {"\"asOfBlock\":", "\"asOfBlock\":9", "it is of block 9"},
      {"month=2026-06/", "month=2031-01/", "the store lacks"}
    };
    for (String[] other : others) {
      Files.writeString(manifest, right.replace(other[0], other[1]));
      Map<String, String> before = SmallMarket.everything(lake);
      cli.run(LAKE + lake).failed(2, other[2], "next: correct STORE");
      assertThat(SmallMarket.everything(lake)).isEqualTo(before);
    }
    Files.writeString(manifest, "[");
    cli.run(LAKE + lake).failed(5, "no manifest of a lake", "next: restore it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"store", "store/lake", "store/raw/../x", "link/lake", ""})
  void noLakeIsPutWhereDocumentsArePublished(String to) throws IOException {
    EndToEnd cli = copied();
    Files.createSymbolicLink(home.resolve("link"), cli.store());
    Map<String, String> before = SmallMarket.everything(home);
    cli.run(LAKE + home.resolve(to)).failed(2, "rows hold wallets", "next: choose a private place");
    assertThat(SmallMarket.everything(home)).isEqualTo(before);
  }

  @Test
  void noLakeIsPutWhereACopyCameFrom() throws IOException {
    EndToEnd original = copied();
    original.run("pull --to " + home.resolve("copy")).done();
    EndToEnd copy = at(home).with("STORE", "file:" + home.resolve("copy"));
    copy.run(LAKE + original.store().resolve("lake")).failed(2, "rows hold wallets");
    copy.run(LAKE + home.resolve("lake")).done();
  }

  @Test
  void aLakeInABucketHasPointersThatATableReads() {
    try (StrictS3Server s3 = StrictS3Server.start("bucket")) {
      Credentials.whileSet(
          () -> {
            EndToEnd cli = at(home).with("AWS_ENDPOINT_URL", s3.endpoint().toString());
            cli.with("STORE", "file:" + stored).run(LAKE + "s3://bucket/private/lake").done();
            cli.with("STORE", "s3://bucket/api/throughput/");
            for (String to :
                new String[] {"api/throughput/lake/", "api/", "", "api/throughput", "private/"}) {
              cli.run(LAKE + "s3://bucket/" + to)
                  .failed(2, "is in the bucket of s3://bucket/api/throughput/", "lake_location");
            }
            cli.run(LAKE + "s3://bucket-of-another/").failed(2, "There is no cursor");
          });
      Map<String, byte[]> objects = s3.objects();
      byte[] pointer = objects.get("private/lake/current/closes/month=2026-06/files");
      String uri = new String(pointer, StandardCharsets.UTF_8).strip();
      assertThat(uri).startsWith("s3://bucket/private/lake/closes/month=2026-06/part-");
      assertThat(objects).containsKey(uri.substring("s3://bucket/".length()));
      assertThat(objects.keySet()).allMatch(key -> key.startsWith("private/lake/"));
    }
  }

  @Test
  void aLakeIsOfAllRowsAsParquet() {
    EndToEnd cli = at(home);
    for (String wrong :
        new String[] {
          "export --format csv --partition-by month --to x",
          "export --format parquet --partition-by day --to x",
          "export --format parquet --partition-by month"
        }) {
      cli.run(wrong).failed(2, "--partition-by month --format parquet --to");
    }
    cli.run(LAKE + "x --what opens").failed(2, "it excludes --what");
    cli.run(LAKE + "s3://UPPER/").failed(2, "--to 'UPPER' is not a bucket name");
    cli.run(LAKE + "x").failed(2, "There is no cursor", "next: correct STORE");
    cli.run("export --format csv --to 2026-13-01").failed(2, "is not a day such as");
  }
}
