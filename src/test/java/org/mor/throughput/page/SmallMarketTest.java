package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is drawn only where a market has it: estimates, rows that name no model, a clear winner, a
 * gateway, a proof. The large market has none of them.
 */
@ExtendWith(Browser.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmallMarketTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ALL = "?range=90d&by=day";
  private static final long NOW = Market.AS_OF.getEpochSecond();
  private static final long LEGACY = Instant.parse("2026-01-20T12:00:00Z").getEpochSecond();
  private static final int GATEWAY = 3;

  private final Visits visits;

  SmallMarketTest(Visits shared, @TempDir Path directory) throws IOException, InterruptedException {
    Market market =
        Market.of(directory, closes(), Map.of("GATEWAY_WALLETS", Ids.hex("ab", 40, GATEWAY)));
    visits = new Visits(shared.playwright(), shared.browser(), market, new PageServer(directory));
  }

  @AfterAll
  void close() {
    visits.server().close();
  }

  @AfterEach
  void restore() {
    visits.server().restore();
  }

  /**
   * Provider 1 is clearly first to answer, neither is clearly faster; then old receipts and rows.
   */
  private static List<Close> closes() {
    List<Close> closes = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      int provider = 1 + i % 2;
      long at = NOW - 3_600 - i * 14L * 86_400L / 80;
      long ttft = (provider == 1 ? 400L : 2_000L) + i;
      boolean disputed = i >= 78;
      closes.add(
          new Close(
              i, 1, provider, i / 2 % 9, at, 600, disputed, 50_000 + 10L * i, ttft, 500, 900));
    }
    for (int i = 80; i < 83; i++) {
      closes.add(old(Close.Form.FIVE_FIELD, i, LEGACY, 20_003));
    }
    closes.add(old(Close.Form.FIVE_FIELD, 83, LEGACY + 86_400, 600_000));
    closes.add(old(Close.Form.FIVE_FIELD, 84, NOW - 40 * 86_400L, 20_000));
    for (int i = 85; i < 90; i++) {
      closes.add(old(Close.Form.UNKNOWN_TO_AN_OLD_ROW, i, NOW - 5 * 86_400L, 0));
    }
    return closes;
  }

  private static Close old(Close.Form form, int number, long at, long tps) {
    return new Close(number, 1, 1, 1, at, 100, false, tps, 700, 3_000, 1_000).as(form);
  }

  private long count(Predicate<Close> chosen) {
    return visits.market().closes().stream().filter(chosen).count();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "proven         | ok      | Proven: every session id follows .* 90 opens in the contract’s own count at block 45,000,000",
        "gap at nonce 7 | warn    | Gap: the session with nonce 7 is missing, and perhaps more\\.",
        "partial        | unknown | Partial: history is not scanned completely, or",
        "not applicable | unknown | Not applicable: the contract’s rule for ids has changed\\.",
      })
  void theProofSaysWhatItProves(String state, String mark, String words) throws IOException {
    JsonNode summary = JSON.readTree(visits.server().document("summary.json"));
    ObjectNode proof = (ObjectNode) summary.at("/completeness/proof");
    proof
        .put("state", state)
        .put("asOfBlock", Market.LAST_BLOCK)
        .put("proven", 90)
        .put("strays", 0);
    if (state.equals("proven")) {
      proof.put("count", 90);
    } else {
      proof.putNull("count");
    }
    if (state.startsWith("gap")) {
      proof.put("nonce", 7);
    }
    visits.server().replaceDocument("summary.json", 200, summary.toString());
    try (Visit visit = visits.open("").drawn()) {
      String line = "#completeness .check-line:has-text('Completeness proof')";
      assertThat(visit.text(line)).containsPattern(words);
      assertThat(visit.page().locator(line).getAttribute("class")).isEqualTo("check-line " + mark);
      visit.hasDoneNothingWrong();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20 | 20 | ok      | 20 of 20 closes drawn at random are proven by the chain’s state root at block 45,000,000\\. With 99 % confidence fewer than 20\\.6 % of the closes differ.*the endpoints’ word",
        "20 | 19 | warn    | 1 of 20 closes drawn at random differ from the contract’s state at block 45,000,000\\.",
        "0  | 0  | unknown | No sample was proven yet\\.",
      })
  void theStateProofSaysWhatItsSampleMeans(int sampled, int proven, String mark, String words)
      throws IOException {
    ObjectNode summary = (ObjectNode) JSON.readTree(visits.server().document("summary.json"));
    summary
        .putObject("stateProof")
        .put("block", 45_000_000)
        .put("sampled", sampled)
        .put("proven", proven)
        .put("since", "2026-05-01T00:00:00Z");
    visits.server().replaceDocument("summary.json", 200, summary.toString());
    try (Visit visit = visits.open("").drawn()) {
      String line = "#completeness .check-line:has-text('State proof')";
      assertThat(visit.text(line)).containsPattern(words);
      assertThat(visit.page().locator(line).getAttribute("class")).isEqualTo("check-line " + mark);
      visit.hasDoneNothingWrong();
    }
  }

  @Test
  void aClearWinnerIsNamedWithItsRunnerUpAndOverlappingIntervalsNameNobody() {
    try (Visit visit = visits.open("").drawn()) {
      String winner = visit.text("#recommendations .rec.winner");
      assertThat(winner)
          .contains("Low input volume")
          .containsPattern("0xcd00…0001\\s+4\\d\\d ms \\[4\\d\\d ms to 4\\d\\d ms], n=39")
          .containsPattern("Confidence low\\. Next: 0xcd00…0002, 2\\.0\\d s")
          .containsPattern("gap 1\\.60 s\\.");
      String none = visit.text("#recommendations .rec.no-clear-winner");
      assertThat(none)
          .contains("Medium output volume")
          .contains("No clear winner")
          .contains("Their intervals overlap:")
          .contains("0xcd00…0001 ")
          .contains("0xcd00…0002 ");
      assertThat(visit.page().locator("#recommendations .rec.winner").count()).isEqualTo(1);
      visit.hasDoneNothingWrong();
    }
  }

  @Test
  void estimatesAreASeriesOfTheirOwnThatTheSwitchAdds() throws IOException {
    // Three of 20.003 a second and one clamped to 500, 100 seconds each.
    double estimated = 3 * 2_000.3 + 50_000;
    try (Visit visit = visits.open(ALL).drawn()) {
      double without = visit.kpi("tokens");
      assertThat(visit.text("#kpi-note")).contains("56K estimated tokens").contains("not included");
      assertThat(visit.page().locator("#main-chart path.bar.est").count()).isZero();
      assertThat(visit.download("#main-chart", "CSV")).doesNotContain("Estimated");
      visit.page().getByLabel("Estimates").check();
      visit.drawn();
      assertThat(visit.kpi("tokens")).isCloseTo(without + estimated, within(1e-6));
      assertThat(visit.text("#kpi-note")).contains("of receipts and estimates): included");
      assertThat(visit.page().locator("#main-chart path.bar.est").getAttribute("d"))
          .startsWith("M");
      assertThat(
              visit
                  .page()
                  .locator("#main-chart path.bar.est")
                  .evaluate("bar => getComputedStyle(bar).fill"))
          .asString()
          .contains("hatch-est");
      assertThat(visit.text("#main-chart .legend")).contains("Estimated tokens");
      JsonNode rows = visit.json("#main-chart").get("rows");
      assertThat(sum(rows, "estimated")).isCloseTo(estimated, within(1e-6));
      assertThat(sum(rows, "total")).isCloseTo(without + estimated, within(1e-6));
      assertThat(visit.download("#main-chart", "CSV"))
          .contains("Estimated tokens (tokens)", "\"Estimated tokens (tokens), exact\"");
      visit.hasDoneNothingWrong();
    }
  }

  @Test
  void anEstimateIsShownInWholeTokens() {
    try (Visit visit = visits.open(ALL + "&est=1").drawn()) {
      visit.page().locator("#main-chart .actions button >> text=View as table").click();
      for (String part : new String[] {"#kpis", "#main-chart table", "#models", "#providers"}) {
        assertThat(visit.text(part)).as(part).doesNotContainPattern("\\d{1,3},\\d{3}\\.\\d");
      }
    }
  }

  /** The one close of the window before has a receipt without token totals. */
  @Test
  void tokensAreNotComparedWithAWindowWhoseReceiptsHaveNone() {
    try (Visit visit = visits.open("").drawn()) {
      assertThat(visit.text("#kpi-tokens .kpi-delta")).isEqualTo("not compared: receipts differ");
      assertThat(visit.text("#kpi-note"))
          .contains("100.0% of sessions have receipts with tokens now, 0.0% had them before.");
      assertThat(visit.text("#kpi-sessions .kpi-delta")).contains("days before");
    }
  }

  @Test
  void theWindowOfEstimatesIsThatOfTheSummary() throws IOException {
    try (Visit visit = visits.open(ALL).drawn()) {
      assertThat(visit.text("#estimates"))
          .contains("closes from 1 Dec 2025 to 31 Jan 2026")
          .contains("at most 500 tokens a second");
      assertThat(visit.words("#main-chart .plot-svg")).contains("receipts state tokens from here");
    }
    ObjectNode summary = (ObjectNode) JSON.readTree(visits.server().document("summary.json"));
    ((ObjectNode) summary.get("methodology")).put("legacyEstimateUntil", "2026-01-15T00:00:00Z");
    visits.server().replaceDocument("summary.json", 200, summary.toString());
    try (Visit visit = visits.open(ALL).drawn()) {
      assertThat(visit.text("#estimates")).contains("closes from 1 Dec 2025 to 14 Jan 2026");
      assertThat(visit.words("#main-chart .plot-svg"))
          .doesNotContain("receipts state tokens from here");
    }
    summary.remove("methodology");
    visits.server().replaceDocument("summary.json", 200, summary.toString());
    try (Visit visit = visits.open(ALL).drawn()) {
      assertThat(visit.text("#estimates")).contains("does not say which closes are estimated");
    }
  }

  private static double sum(JsonNode rows, String key) {
    double sum = 0;
    for (JsonNode row : rows) {
      sum += row.get(key).asDouble();
    }
    return sum;
  }

  @Test
  void theShareOfGatewaysIsThatOfTheRows() {
    long mine = count(close -> close.user() == GATEWAY);
    long tokens =
        visits.market().closes().stream()
            .filter(close -> close.user() == GATEWAY)
            .mapToLong(close -> close.input() + close.output())
            .sum();
    // 80 of 1,400 tokens, five old rows of 4,000, and 56,000 estimated.
    double share = 100.0 * tokens / (80 * 1_400 + 5 * 4_000 + 56_000);
    try (Visit visit = visits.open(ALL).drawn()) {
      assertThat(visit.text("#main-chart"))
          .contains("Through known gateways: %d of 90 sessions".formatted(mine))
          .contains("and %.1f%% of the 188K tokens in receipts and estimates".formatted(share));
    }
    try (Visit visit = visits.open(ALL + "&model=" + Ids.model(1)).drawn()) {
      assertThat(visit.text("#main-chart"))
          .contains("published for all sessions together: reset the filters to see it");
    }
  }

  @ParameterizedTest
  @CsvSource({"model, models", "provider, providers"})
  void sessionsOfNoKnownModelOrProviderStandInTheBoardsLastRow(String kind, String board)
      throws IOException {
    long unknown = count(close -> close.form() == Close.Form.UNKNOWN_TO_AN_OLD_ROW);
    for (String sort : new String[] {"", "&msort=sessions.asc&psort=sessions.asc"}) {
      try (Visit visit = visits.open(ALL + sort).drawn()) {
        List<List<String>> rows = visit.table("#" + board);
        List<String> rest = rows.get(rows.size() - 2);
        List<String> total = rows.get(rows.size() - 1);
        assertThat(rest.get(0)).isEqualTo(kind + " not known");
        assertThat(rest.get(1).split("\\s+", -1)).containsExactly("" + unknown, "5.6%");
        assertThat(rest.get(2)).isEqualTo("20,000");
        assertThat(Double.parseDouble(total.get(1).split("\\s+", -1)[0]))
            .isEqualTo(visit.kpi("sessions"));
        assertThat(Double.parseDouble(total.get(2).replace(",", "")))
            .isEqualTo(visit.kpi("tokens"));
        assertThat(visit.text("#" + board + " .note"))
            .contains("Old records of 5 sessions name no " + kind);
        double sum = 0;
        for (JsonNode row : visit.json("#" + board).get("rows")) {
          sum += row.get("sessions").asDouble();
        }
        assertThat(sum).isEqualTo(visit.kpi("sessions"));
        visit.hasDoneNothingWrong();
      }
    }
  }

  @Test
  void theShareOfTokensFromDisputedSessionsIsThatOfTheDailyDocument() throws IOException {
    double disputed = 0;
    double all = 0;
    for (JsonNode day :
        JSON.readTree(visits.server().document("rollup/daily.json")).get("buckets")) {
      disputed += day.get("tokensDisputed").asDouble();
      all += day.get("tokens").asDouble();
    }
    assertThat(disputed).isCloseTo(2 * 1_400, within(1e-9));
    String words = "Disputed sessions hold %.1f%% of the".formatted(100 * disputed / all);
    for (String switches : new String[] {"", "&est=1", "&flagged=1"}) {
      try (Visit visit = visits.open(ALL + switches).drawn()) {
        assertThat(visit.text("#kpi-note"))
            .contains(words)
            .contains("tokens in receipts and estimates");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"?range=24h", "?range=7d&by=hour"})
  void rollingFiguresSayThatTheyAreNotCompared(String query) {
    try (Visit visit = visits.open(query).drawn()) {
      for (String key : List.of("providers", "models", "ttft", "tps")) {
        assertThat(visit.text("#kpi-" + key + " .kpi-delta")).isEqualTo("rolling: not compared");
      }
      assertThat(visit.text("#kpi-sessions .kpi-delta")).contains("hours before");
    }
  }
}
