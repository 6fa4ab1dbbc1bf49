package org.mor.throughput.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.cli.JsonLines.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.demo.LedgerCheck;
import org.mor.throughput.demo.LegacyRows;
import org.mor.throughput.demo.PaidReading;
import org.mor.throughput.demo.PerformanceCheck;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.UserId;
import org.mor.throughput.testing.StrictS3Server;

/** The commands in the order an operator uses them, over HTTP against a simulated node. */
class OperatorPathTest {
  private final SimulatedMarket market = SmallMarket.create();
  private final SimulatedNode node = SmallMarket.serve(market);
  private Path home;
  private EndToEnd cli;

  @BeforeEach
  void configure(@TempDir Path temp) {
    home = temp;
    cli = configured(temp);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private EndToEnd configured(Path directory) {
    return new EndToEnd(directory)
        .with("START_BLOCK", Long.toString(market.startBlock()))
        .node(node.url());
  }

  private String backfill() {
    return "backfill --start-block " + market.startBlock();
  }

  @Test
  void everyCommandInTurnForPeople() throws IOException {
    assertThat(cli.run(backfill() + " --dry-run").done().out()).contains("would scan", "batches");
    assertThat(SmallMarket.objects(cli.store())).isEmpty();

    EndToEnd.Ended backfill = cli.run(backfill()).done();
    assertThat(backfill.out()).contains("scanned", "opens", "cursor at block", "next: ");
    assertThat(backfill.err()).contains("blocks/s");
    assertThat(cli.run(backfill()).done().out()).contains("nothing to scan");
    assertThat(cli.run("rollup").done().out()).contains("documents written");

    market.extend(1_000, 20);
    assertThat(cli.run("incremental").done().out()).contains("scanned", "documents written");
    assertThat(cli.run("incremental").done().out()).contains("nothing new to scan");
    assertThat(cli.run("rollup --stuck").done().out()).contains("stuck: ");
    assertThat(cli.run("status").done().out()).contains("lag        20 blocks", "none up to");

    EndToEnd.Ended spots = cli.without("STORE").run("spot-check --recent 5").done();
    assertThat(spots.out().lines().filter(line -> line.matches("2026-\\d\\d-\\d\\d .*")))
        .hasSize(5);

    cli.with("STORE", "file:" + cli.store()).without("BASE_RPC_URL");
    assertThat(cli.run("status").done().out()).contains("none configured", "not asked");
    assertThat(cli.run("rollup").done().out()).contains("--stuck");
    assertThat(Files.readString(cli.store().resolve("summary.json"))).contains("\"allTime\"");
  }

  @Test
  void everyCommandInTurnAsJson() {
    JsonNode plan = parse(cli.run(backfill() + " --dry-run --json").done().out());
    assertThat(plan.path("ranges")).hasSize(1);
    EndToEnd.Ended scanned = cli.run(backfill() + " --json").done();
    JsonNode backfill = parse(scanned.out());
    assertThat(backfill.path("opens").asInt()).isGreaterThanOrEqualTo(140);
    assertThat(backfill.path("cursor").asLong()).isEqualTo(market.head() - 20);
    assertThat(scanned.err()).as("no progress beside JSON").doesNotContain("blocks/s");

    JsonNode rollup = parse(cli.run("rollup --json").done().out());
    assertThat(rollup.path("asOfBlock").asLong()).isEqualTo(market.head() - 20);
    assertThat(parse(cli.run("rollup --stuck --json").done().out()).has("stuckExpired")).isTrue();
    market.extend(1_000, 20);
    JsonNode incremental = parse(cli.run("incremental --json").done().out());
    assertThat(incremental.path("cursor").asLong()).isEqualTo(market.head() - 20);
    assertThat(incremental.path("opens").asInt()).isPositive();
    JsonNode refresh = parse(cli.run("enrich-closes --dry-run --json").done().out());
    assertThat(refresh.path("legacy").asInt()).isZero();
    JsonNode status = parse(cli.run("status --json").done().out());
    assertThat(status.path("endpoints").path(0).asText()).isEqualTo("127.0.0.1");
    assertThat(status.path("gaps")).isEmpty();
    JsonNode spots = parse(cli.run("spot-check --recent 5 --json").done().out());
    assertThat(spots.path("closes")).hasSize(5);
    assertThat(spots.path("closes").path(0).path("sessionId").asText()).startsWith("0x");
  }

  @Test
  void rowsOfTheEarlierIndexerBecomeTheSameAsFreshOnes() throws IOException {
    EndToEnd fresh = configured(home.resolve("fresh"));
    fresh.run(backfill()).done();
    fresh.run("rollup --stuck").done();
    cli.run(backfill()).done();
    List<String> months =
        SmallMarket.objects(cli.store()).keySet().stream()
            .filter(name -> name.startsWith("raw/closes/"))
            .map(name -> name.substring("raw/closes/".length(), name.indexOf('.')))
            .toList();
    assertThat(months).hasSizeGreaterThanOrEqualTo(2);
    for (String month : months) {
      Files.write(closes(month), gzip(legacy(month)));
    }
    Map<String, String> legacy = SmallMarket.objects(cli.store());

    assertThat(cli.run("enrich-closes --dry-run").done().out()).contains("dry run");
    assertThat(
            cli.run("enrich-closes --partition %s --limit 5 --dry-run".formatted(months.get(0)))
                .done()
                .out())
        .contains("5 read again");
    assertThat(SmallMarket.objects(cli.store())).as("after dry runs").isEqualTo(legacy);

    JsonNode some =
        parse(
            cli.run("enrich-closes --partition %s --limit 5 --json".formatted(months.get(0)))
                .done()
                .out());
    assertThat(some.path("changed").asInt()).isEqualTo(5);
    Map<String, String> partly = SmallMarket.objects(cli.store());
    partly.remove("raw/closes/" + months.get(0) + ".ndjson.gz");
    assertThat(legacy).as("the other months").containsAllEntriesOf(partly);

    assertThat(cli.run("enrich-closes --publish").done().out()).contains("documents written");
    Map<String, String> expected = SmallMarket.lasting(SmallMarket.objects(fresh.store()));
    Map<String, String> found = SmallMarket.lasting(SmallMarket.objects(cli.store()));
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    assertThat(found.get("rollup/daily.json")).isEqualTo(expected.get("rollup/daily.json"));
    assertThat(found.get("rollup/monthly.json")).isEqualTo(expected.get("rollup/monthly.json"));
  }

  private Path closes(String month) {
    return cli.store().resolve("raw/closes/" + month + ".ndjson.gz");
  }

  private String legacy(String month) {
    return String.join("\n", LegacyRows.closes(market, Month.parse(month))) + "\n";
  }

  static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void aBucketHoldsTheSameBytesAsADirectory() {
    String backfill = "backfill --start-block " + (market.head() - 400_000);
    cli.run(backfill).done();
    cli.run("rollup --stuck").done();
    try (StrictS3Server s3 = StrictS3Server.start("bucket")) {
      Credentials.whileSet(
          () -> {
            EndToEnd bucket =
                configured(home)
                    .with("STORE", "s3://bucket/api/throughput/")
                    .with("AWS_ENDPOINT_URL", s3.endpoint().toString());
            bucket.run(backfill).done();
            bucket.run("rollup --stuck").done();
            assertThat(bucket.run("status").done().out()).contains("s3://bucket/api/throughput/");
          });
      Map<String, String> objects = new HashMap<>();
      s3.objects()
          .forEach(
              (key, body) ->
                  objects.put(
                      key.substring("api/throughput/".length()), HexFormat.of().formatHex(body)));
      SmallMarket.assertSame(objects, SmallMarket.objects(cli.store()));
    }
  }

  @Test
  void aDemoIsVerified() throws IOException {
    Instant before = Instant.now();
    EndToEnd.Ended ended = new EndToEnd(home).run("demo --no-serve --sessions 150").done();
    assertThat(ended.out())
        .contains("Sessions and tokens agree with what the simulator did.")
        .containsPattern("a sample agrees with the chain +ok +50 rows read again")
        .doesNotContain("not checked");
    JsonNode summary =
        new ObjectMapper().readTree(home.resolve("local-raw/demo/summary.json").toFile());
    assertThat(Instant.parse(summary.path("asOfTime").textValue()))
        .as("the present, for whoever looks at the page")
        .isBetween(before.minus(Duration.ofMinutes(5)), Instant.now());
  }

  /** The market's own account of every session is the oracle: exact, percentiles within 1 %. */
  @Test
  void everyFigureAgreesWithTheMarketsLedger() throws IOException {
    Set<UserId> gateways = market.rules().gatewayWallets();
    MetricRules rules =
        new MetricRules(
            500,
            Instant.parse("2026-04-01T00:00:00Z").getEpochSecond(),
            Instant.parse("2026-05-20T00:00:00Z").getEpochSecond(),
            gateways);
    cli.with("LEGACY_ESTIMATE_FROM", "2026-04-01")
        .with("LEGACY_ESTIMATE_UNTIL", "2026-05-20")
        .with("GATEWAY_WALLETS", gateways.stream().map(UserId::toHex).collect(joining(",")));
    cli.run(backfill()).done();
    market.extend(1_000, 20);
    cli.run("incremental").done();
    cli.run("rollup --stuck").done();

    Map<String, JsonNode> documents = new HashMap<>();
    for (Map.Entry<String, String> object : SmallMarket.objects(cli.store()).entrySet()) {
      if (object.getKey().endsWith(".json") && !object.getKey().startsWith("state/")) {
        documents.put(
            object.getKey(),
            new ObjectMapper().readTree(HexFormat.of().parseHex(object.getValue())));
      }
    }
    long asOf = market.head() - 20;
    assertThat(
            LedgerCheck.compare(market.ledger(), documents, asOf, rules, PaidReading.SINCE_CLOSE))
        .isEmpty();
    assertThat(PerformanceCheck.compare(market.ledger(), documents, asOf, rules)).isEmpty();
  }
}
