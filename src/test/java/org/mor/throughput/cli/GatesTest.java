package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.cli.JsonLines.parse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.rollup.Gate;
import org.mor.throughput.rollup.Minimum;
import org.mor.throughput.serve.StoreServer;

/**
 * Every surface over a store that is below every minimum; the live stream's is {@code
 * live/GatedRatesTest}, the page's {@code page/GatedPageTest}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatesTest {
  private static final String PERCENTILE = ".*(P|p)(50|95|99)(Low|High)?";

  private Path home = Path.of("");
  private EndToEnd cli = new EndToEnd(home);

  /** The last week of the market: sessions, but too few of everything. */
  @BeforeAll
  void index(@TempDir Path directory) {
    SimulatedMarket market = SmallMarket.create();
    long start = market.head() - (market.head() - market.startBlock()) / 8;
    home = directory;
    try (SimulatedNode node = SmallMarket.serve(market)) {
      cli = new EndToEnd(home).with("START_BLOCK", Long.toString(start)).node(node.url());
      cli.run("backfill --start-block " + start).done();
      cli.run("incremental").done();
      cli.run("rollup").done();
    }
    JsonNode all = stored("summary.json").path("allTime");
    assertThat(all.path("sessionsClosed").asInt()).isPositive();
    assertThat(all.path("tpsSamples").asInt()).isPositive().isLessThan(Minimum.MEDIAN.count());
    assertThat(all.path("ttftSamples").asInt()).isPositive().isLessThan(Minimum.MEDIAN.count());
  }

  private String text(String document) {
    return textOf(cli.store().resolve(document));
  }

  private JsonNode stored(String document) {
    return parse(text(document));
  }

  /** Fails where a percentile, its bounds or a share has a value; fields that are not there too. */
  private static void assertHidden(JsonNode json, String name) {
    List<JsonNode> found = json.findValues(name);
    assertThat(found).as(name).isNotEmpty();
    assertThat(found)
        .as(name)
        .allSatisfy(
            value -> {
              if (value.isArray()) {
                assertThat(value).allMatch(JsonNode::isNull);
              } else {
                assertThat(value.isNull()).as(value.toString()).isTrue();
              }
            });
  }

  @Test
  void theTableInTheDocumentationAndThePagesNumbersAreThoseOfTheCode() throws IOException {
    assertThat(
            Files.readAllLines(Path.of("docs/gates.md")).stream().filter(l -> l.startsWith("| ")))
        .containsExactlyElementsOf(
            Stream.concat(
                    Stream.of("| figure | minimum | reason |"),
                    Arrays.stream(Minimum.values()).map(Minimum::line))
                .toList());
    assertThat(Files.readString(Path.of("site/js/config.js")))
        .contains(
            "GATES = { 50: %d, 95: %d, 99: %d, runs: %d, wallets: %d, days: %d, sessions: %d };"
                .formatted(
                    Minimum.MEDIAN.count(),
                    Minimum.P95.count(),
                    Minimum.P99.count(),
                    Minimum.SHARE.count(),
                    Minimum.WALLETS.count(),
                    Minimum.DAYS.count(),
                    Minimum.CHANGE.count()));
  }

  @Test
  void theStatusHidesWhatRestsOnOneRun() {
    JsonNode status = stored("status.json");
    assertThat(status.at("/last24h/runs").asInt()).isEqualTo(1);
    for (String field : List.of("successPct", "durationMsP50", "durationMsP95", "lagSecondsP95")) {
      assertHidden(status, field);
    }
  }

  @Test
  void theDocumentsThatAreShownAsTheyAreHidePercentilesAndRankNobody() {
    JsonNode groups = stored("rollup/performance.json").path("groups");
    groups
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (name.matches(PERCENTILE)) {
                assertHidden(groups, name);
              }
            });
    assertHidden(groups, "tpsP50");
    JsonNode ranked = stored("rollup/recommendations.json").path("recommendations");
    assertThat(ranked).isNotEmpty();
    for (String field : List.of("winner", "rank", "p50", "p50Low", "gap", "confidence")) {
      assertHidden(ranked, field);
    }
    assertThat(text("summary.html"))
        .contains("of %d samples)".formatted(Minimum.MEDIAN.count()))
        .doesNotContainPattern("median[^<]*</th><td>[0-9]");
  }

  @Test
  void theReportHidesThem() {
    Path report = home.resolve("report.md");
    JsonNode month = stored("rollup/monthly.json").at("/buckets/0");
    cli.run("report --month %s --out %s".formatted(month.path("bucket").asText(), report)).done();
    String said = textOf(report);
    assertThat(said.lines().filter(line -> line.startsWith("- All sessions: ")))
        .singleElement()
        .asString()
        .contains(
            Stream.of(Gate.values())
                .flatMap(
                    gate ->
                        Stream.of(
                            left("tokens a second ", gate, month.path("tpsSamples").asInt()),
                            left("time to first token ", gate, month.path("ttftSamples").asInt())))
                .toList());
    // Each model, provider and size: two dashes in its row, and two reasons in its line.
    List<String> rows =
        said.lines()
            .dropWhile(line -> !line.equals("## Models"))
            .filter(line -> line.startsWith("| ") && !line.contains("p50"))
            .toList();
    assertThat(rows).hasSizeGreaterThan(8).allMatch(row -> row.endsWith("| - | - |"));
    assertThat(said.lines().filter(line -> line.matches("- (?!All sessions).*needs .*")))
        .hasSameSizeAs(rows)
        .allMatch(
            line ->
                line.matches(
                    "- .*: tokens a second needs \\d+ more sessions?,"
                        + " time to first token needs \\d+ more sessions?"));
    assertThat(said)
        .contains("| Tokens a second | - | - | - |", "| Time to first token, ms | - | - | - |")
        .doesNotContain(" % |\n| Tokens")
        .doesNotContain("first-token.svg");
  }

  private static String left(String figure, Gate gate, int samples) {
    return figure + "p%d needs %d more session".formatted(gate.percent(), gate.samples() - samples);
  }

  private static String textOf(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theApiHidesThemAndSaysHowManyAreMissing() throws Exception {
    try (StoreServer server = StoreServer.start(new FileObjectStore(cli.store()), 0)) {
      for (String question : List.of("", "?groupBy=provider", "?groupBy=model,day")) {
        URI uri = server.address().resolve("/api/analytics/throughput" + question);
        HttpResponse<String> answer =
            HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode json = parse(answer.body());
        for (String percentile : List.of("p50", "p95", "p99")) {
          assertThat(json.findValues(percentile))
              .isNotEmpty()
              .allSatisfy(
                  found -> {
                    assertHidden(found, "tps");
                    assertHidden(found, "ttftMsHigh");
                    assertThat(found.path("tpsNeedsSamples").asInt()).isPositive();
                  });
        }
      }
    }
  }
}
