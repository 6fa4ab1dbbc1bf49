package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.LoadState;
import java.io.IOException;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the page says when something is missing, late or broken. */
@ExtendWith(Browser.class)
class StatesTest {
  private static final String INDEX = "rollup/performance-index.json";
  private static final String CURRENT = "rollup/performance-current.json";
  private static final String MIXED =
      "The cells of the running month and their index are of different moments";
  private final Visits visits;

  StatesTest(Visits visits) {
    this.visits = visits;
  }

  @AfterEach
  void restore() {
    visits.server().restore();
  }

  @Test
  void whileNothingHasComeItLoadsAndThenSaysWhatFailedAndTriesAgain() {
    visits.server().replaceDocument("summary.json", 0, "");
    try (Visit visit = visits.open("").shows("Loading")) {
      assertThat(visit.page().locator("[aria-busy=true]").count()).isGreaterThan(8);
    }
    visits.server().replaceDocument("summary.json", 500, "");
    try (Visit visit = visits.open("").shows("The figures cannot be read.")) {
      visit.shows("summary.json answered with status 500.");
      visits.server().restore();
      visit.page().locator(".banner button").click();
      assertThat(visit.drawn().kpi("sessions")).isPositive();
      visit.hasDoneNothingWrong();
    }
  }

  /** A store without {@code status.json} says nothing of it; one that cannot be read neither. */
  @Test
  void withoutAStatusThereIsNoSectionOfOperationsAndNoError() {
    for (String body : List.of("", "{\"schemaVersion\":1,", "{\"schemaVersion\":1}")) {
      visits.server().replaceDocument("status.json", body.isEmpty() ? 404 : 200, body);
      try (Visit visit = visits.open("").drawn()) {
        visit.page().waitForLoadState(LoadState.NETWORKIDLE);
        assertThat(visit.page().locator("#operations").isVisible()).as(body).isFalse();
        assertThat(visit.text("#banners")).as(body).isEmpty();
        visit.hasDoneNothingWrong();
      }
    }
  }

  @Test
  void theStatusIsALineAndATableAndFiguresOfTooFewRunsSayWhatIsMissing() {
    visits.server().replaceDocument("status.json", 200, status());
    try (Visit visit = visits.open("").shows("The last successful run ended 10 min ago").drawn()) {
      assertThat(visit.text("#status-line"))
          .isEqualTo(
              "The last successful run ended 10 min ago; the newest run failed. "
                  + "2 gaps; completeness proof: <b>not run</b>.");
      assertThat(visit.text("#operations .stats"))
          .contains("Lag now", "12 min", "block 7", "failed");
      List<List<String>> rows = visit.table("#operations table");
      assertThat(rows.get(1))
          .containsExactly(
              "Last 24 hours",
              "29",
              "4",
              "needs 30 runs",
              "needs 30 runs",
              "needs 72 runs",
              "needs 72 runs");
      assertThat(rows.get(2))
          .containsExactly("Last 7 days", "672", "4", "99.4%", "950 ms", "12.34 s", "30 min");
      visit.hasDoneNothingWrong();
    }
  }

  private static String status() {
    String asOf = Visits.NOW.minusSeconds(12 * 60).toString();
    return """
        {"schemaVersion":1,"network":"base","generatedAt":"%s","version":"<i>1</i>","asOfBlock":7,
         "asOfTime":"%s","gaps":2,"proof":"<b>not run</b>","lastRunAt":"%s","lastOutcome":"failed",
         "lastSuccessAt":"%s",
         "last24h":{"runs":29,"failed":4,"successPct":null,"durationMsP50":null,"durationMsP95":null,
          "lagSecondsP95":null},
         "last7d":{"runs":672,"failed":4,"successPct":99.4,"durationMsP50":950,"durationMsP95":12340,
          "lagSecondsP95":1800}}"""
        .formatted(Visits.NOW, asOf, Visits.NOW, Visits.NOW.minusSeconds(600));
  }

  @Test
  void oneBadDocumentLeavesTheOthersAlone() throws IOException {
    visits.server().replaceDocument("rollup/daily-recent.json", 200, "{\"schemaVersion\":1,");
    visits.server().replaceDocument("rollup/recommendations.json", 404, "");
    visits
        .server()
        .replaceDocument(
            "stuck-sessions.json",
            200,
            visits
                .server()
                .document("stuck-sessions.json")
                .replace("\"schemaVersion\":1", "\"schemaVersion\":2"));
    try (Visit visit = visits.open("").shows("3 documents could not be read.")) {
      visit
          .shows("rollup/daily-recent.json is not valid JSON.")
          .shows("rollup/recommendations.json answered with status 404.")
          .shows("schema version 2, this page reads version 1")
          .drawn();
      assertThat(visit.text("#main-chart")).contains("rollup/daily-recent.json is not valid JSON.");
      assertThat(visit.text("#recommendations"))
          .contains("rollup/recommendations.json answered with status 404.");
      assertThat(visit.text("#stuck")).contains("schema version 2, this page reads version 1");
      assertThat(visit.text("#models")).contains("model-1");
      visit.hasDoneNothingWrong();
    }
  }

  @Test
  void withoutCellsTotalsAreShownAndTheRestSaysWhatFailed() {
    visits.server().replaceDocument(INDEX, 503, "");
    try (Visit visit = visits.open("").shows("1 document could not be read.")) {
      visit.shows(
          "The split is not available: rollup/performance-index.json answered with status 503.");
      visit.drawn();
      assertThat(visit.kpi("sessions")).isPositive();
      assertThat(visit.text("#kpi-ttft")).contains("cells not available");
      assertThat(visit.text("#heatmap")).contains("status 503").contains("Try again");
    }
  }

  /** Around a change of month: the file of the running month still holds the one before. */
  @Test
  void cellsOfAnotherMonthThanTheIndexNamesAreNotAddedUpAndTryingAgainSettlesIt()
      throws IOException {
    visits.server().replaceDocument(CURRENT, 200, current("2026-03"));
    try (Visit visit = visits.open("").shows(MIXED).drawn()) {
      assertThat(visit.kpi("sessions")).isPositive();
      assertThat(visit.text("#main-chart")).contains("The split is not available: " + MIXED);
      assertThat(visit.text("#kpi-ttft")).contains("cells not available");
      assertThat(visit.page().locator("#models tbody").count()).isZero();
      visits.server().restore();
      visit.page().locator("#models button >> text=Try again").click();
      healed(visit);
    }
  }

  /** The other way round: the index is the older one. */
  @Test
  void anIndexThatDoesNotKnowTheMonthOfTheCellsYetIsReadAgainByItself() throws IOException {
    String index = visits.server().document(INDEX);
    visits
        .server()
        .replaceDocument(
            INDEX,
            200,
            index
                .replaceFirst(",\\{\"month\":\"2026-03\"[^}]*}", "")
                .replace(
                    "\"current\":{\"month\":\"2026-04\"", "\"current\":{\"month\":\"2026-03\""));
    try (Visit visit = visits.open("", Visits.Setup.plain().runningClock()).shows(MIXED)) {
      visit.drawn();
      assertThat(visit.page().locator("#models tbody").count()).isZero();
      visit.page().clock().fastForward(61_000);
      visit.drawn().shows(MIXED);
      visits.server().restore();
      visit.page().clock().fastForward(61_000);
      healed(visit);
    }
  }

  @Test
  void theRunningMonthsOwnErrorComesBeforeTheDisagreement() throws IOException {
    visits.server().replaceDocument(CURRENT, 503, "");
    try (Visit visit = visits.open("").shows("1 document could not be read.").drawn()) {
      assertThat(visit.text("#models"))
          .contains(CURRENT + " answered with status 503")
          .doesNotContain(MIXED);
    }
  }

  private void healed(Visit visit) {
    visit.page().waitForFunction("() => document.querySelector('#models tbody')");
    visit.drawn();
    assertThat(visit.text("body")).doesNotContain(MIXED);
    assertThat(visit.text("#models tfoot")).contains("%,d".formatted((long) visit.kpi("sessions")));
    visit.hasDoneNothingWrong();
  }

  /** The running month's cells under another month's name. */
  private String current(String month) throws IOException {
    return visits
        .server()
        .document(CURRENT)
        .replace("\"month\":\"2026-04\"", "\"month\":\"" + month + "\"");
  }

  /**
   * Frames are made late, so every document comes between what a draw does now and after its frame.
   */
  @Test
  void aDocumentThatComesBetweenTwoFramesBreaksNothing() {
    try (Visit visit = visits.blank(Visits.Setup.plain())) {
      visit
          .page()
          .addInitScript(
              """
              const frame = window.requestAnimationFrame.bind(window);
              window.requestAnimationFrame = (then) => setTimeout(() => frame(then), 250);
              """);
      visit.page().navigate(visits.server().address() + "/throughput.html");
      assertThat(visit.drawn().kpi("sessions")).isPositive();
      assertThat(visit.kpi("providers")).isPositive();
      visit.hasDoneNothingWrong();
    }
  }

  @Test
  void whereAPartOfTheScriptDoesNotComeTheFirstViewStandsAndTheRestTriesAgain() {
    visits.server().replace("/js/sections/all.js", new PageServer.Reply(503, ""));
    try (Visit visit = visits.open("").drawn()) {
      assertThat(visit.kpi("sessions")).isPositive();
      assertThat(visit.text("#models")).contains("A part of this page’s script could not be read");
      visits.server().restore();
      visit.page().locator("#models button >> text=Try again").click();
      visit.page().waitForFunction("() => document.querySelector('#models tbody')");
    }
  }

  @Test
  void anEmptyMarketSaysSo() throws IOException {
    String none = "\"buckets\":[]";
    for (String name : new String[] {"daily-recent", "weekly"}) {
      String document = visits.server().document("rollup/" + name + ".json");
      visits
          .server()
          .replaceDocument(
              "rollup/" + name + ".json",
              200,
              document.replaceFirst("(?s)\"buckets\":\\[.*]", none));
    }
    String summary = visits.server().document("summary.json");
    visits
        .server()
        .replaceDocument(
            "summary.json",
            200,
            summary.replaceFirst("\"firstCloseAt\":\"[^\"]*\"", "\"firstCloseAt\":null"));
    String index = visits.server().document(INDEX);
    visits
        .server()
        .replaceDocument(
            INDEX,
            200,
            index
                .replaceFirst("(?s)\"months\":\\[.*?]}\\s*$", "\"months\":[]}")
                .replaceFirst(
                    "\"models\":\\[.*?],\"providers\":\\[.*?]", "\"models\":[],\"providers\":[]"));
    visits.server().replaceDocument("rollup/performance-current.json", 200, EMPTY_MONTH);
    try (Visit visit = visits.open("").drawn()) {
      assertThat(visit.text("#main-chart"))
          .contains("No tokens in 18 Mar 2026 to 16 Apr 2026. Choose a longer range.");
      assertThat(visit.text("#models")).contains("No closed session in");
      assertThat(visit.text("#heatmap")).contains("No speed samples in");
      assertThat(visit.text("#kpi-ttft")).contains("–").contains("0 of 30 samples");
      assertThat(visit.text("body"))
          .doesNotContain("NaN")
          .doesNotContain("Infinity")
          .doesNotContain("undefined");
      visit.hasDoneNothingWrong();
    }
  }

  private static final String NOTHING = "{\"schemaVersion\":1}";

  /**
   * A document that keeps nothing but its version says what it lacks, and no section falls over it.
   */
  @Test
  void documentsWithoutTheirFieldsSayWhatTheyLack() throws IOException {
    for (String name :
        List.of(
            "rollup/daily-recent.json",
            INDEX,
            CURRENT,
            "rollup/recommendations.json",
            "stuck-sessions.json")) {
      visits.server().replaceDocument(name, 200, NOTHING);
    }
    try (Visit visit = visits.open("").shows("documents could not be read.").drawn()) {
      visit.shows("rollup/daily-recent.json is not complete: asOfBlock is not a whole number.");
      saysNoNonsense(visit);
    }
    visits.server().restore();
    visits.server().replaceDocument("summary.json", 200, NOTHING);
    try (Visit visit = visits.open("").shows("The figures cannot be read.")) {
      visit.shows("summary.json is not complete: asOfBlock is not a whole number.");
      saysNoNonsense(visit);
    }
  }

  @Test
  void aSummaryOfTheFewestFieldsIsEnoughAndTheRestIsSaidNotToBeKnown() throws IOException {
    String head =
        visits.server().document("summary.json").replaceFirst("(?s)\"methodologyVersion\".*", "");
    visits.server().replaceDocument("summary.json", 200, head + "\"last24h\":7}");
    for (String query : new String[] {"", "?range=24h", "?range=all"}) {
      try (Visit visit = visits.open(query).drawn()) {
        assertThat(visit.text("#completeness")).contains("not known");
        saysNoNonsense(visit);
      }
    }
  }

  private static void saysNoNonsense(Visit visit) {
    assertThat(visit.text("body"))
        .doesNotContainPattern("NaN|undefined|Infinity|\\[object|Cannot read|is not a function");
    visit.hasDoneNothingWrong();
  }

  private static final String EMPTY_MONTH =
      """
      {"schemaVersion":1,"network":"base","diamond":"0x","asOfBlock":45000000,"asOfTime":"2026-04-16T13:21:18Z",\
      "month":"2026-04","models":[],"providers":[],"keys":{"model":[],"provider":[],"input":[],"output":[]},\
      "cells":{"perDay":[],"key":[],"sessionsClosed":[],"sessionsLegacyEst":[],"sessionsDisputed":[],\
      "sessionsClosedEarly":[],"sessionsIdle":[],"sessionsFlagged":[],"inputTokens":[],"outputTokens":[],\
      "legacyMilliTokens":[],"disputedMilliTokens":[],"tokensFlagged":[],"sessionSeconds":[],"ttftOver30s":[],\
      "tpsSamples":[],"ttftSamples":[],"tpsSketch":[],"ttftSketch":[]}}
      """;

  @Test
  void aMissingNumberIsNotKnownAndNeverZero() throws IOException {
    String daily = visits.server().document("rollup/daily-recent.json");
    visits
        .server()
        .replaceDocument(
            "rollup/daily-recent.json",
            200,
            daily.replaceAll("(\"bucket\":\"2026-04-10\".*?)\"sessionsClosed\":\\d+,", "$1"));
    try (Visit visit = visits.open("").drawn()) {
      assertThat(visit.text("#kpi-sessions .kpi-value")).isEqualTo("not known");
      assertThat(visit.text("body")).doesNotContain("NaN");
    }
  }

  @Test
  void cellsTooLargeToBeReadForAComparisonAloneAreSaidToBeMissing() throws IOException {
    String index = visits.server().document(INDEX);
    visits
        .server()
        .replaceDocument(INDEX, 200, index.replaceAll("\"bytes\":\\d+", "\"bytes\":9000000"));
    try (Visit visit = visits.open("").drawn()) {
      for (String key : new String[] {"providers", "models", "ttft", "tps"}) {
        assertThat(visit.text("#kpi-" + key + " .kpi-delta"))
            .isEqualTo("cells of the window before not read");
      }
      assertThat(visit.text("#kpi-sessions .kpi-delta")).contains("days before");
    }
  }

  @Test
  void gatesHoldAtTheirEdges() {
    try (Visit visit = visits.open("").drawn()) {
      String models = visit.text("#models");
      assertThat(models)
          .containsPattern("gate-29[\\s\\S]{0,80}n=29\\s+needs 1 more")
          .containsPattern("gate-30[\\s\\S]{0,80}n=30")
          .doesNotContainPattern("gate-30[\\s\\S]{0,60}needs");
      visit.hasDoneNothingWrong();
    }
    for (int samples : new int[] {71, 72, 367, 368}) {
      try (Visit visit = visits.open("?by=month&model=" + Ids.model(samples)).drawn()) {
        visit.page().locator("#ttft .actions button >> text=View as table").click();
        String row = String.join(" | ", visit.table("#ttft").get(2));
        assertThat(row).startsWith("2026-04 | " + samples);
        assertThat(row.contains("needs 1 more session |"))
            .as(row)
            .isEqualTo(samples == 71 || samples == 367);
      }
    }
  }

  @Test
  void whatIsNotOverAndWhatIsNotIndexedAreHatched() {
    try (Visit visit = visits.blank(Visits.Setup.plain())) {
      visit.page().clock().setFixedTime(Date.from(Visits.NOW.plusSeconds(3 * 86_400)));
      visit.page().navigate(visits.server().address() + "/throughput.html");
      visit.drawn();
      assertThat(visit.page().locator("#main-chart .plot-svg rect.partial").count())
          .isGreaterThan(0);
      assertThat(visit.page().locator("#main-chart rect.later").count()).isGreaterThan(0);
      assertThat(visit.text("#freshness")).contains("Outdated: 3 days old");
      visit.page().locator("#main-chart .actions button >> text=View as table").click();
      assertThat(visit.text("#main-chart table"))
          .contains("in progress")
          .contains("not indexed yet");
    }
  }

  @Test
  void theKeyFiguresAreThereWithoutAScript() {
    try (Visit visit = visits.open("", Visits.Setup.plain().withoutScript().width(360))) {
      visit.page().locator("noscript a >> text=plain table").click();
      visit.page().locator("h1").waitFor();
      assertThat(visit.page().url()).endsWith("/api/throughput/summary.html");
      assertThat(visit.text("body"))
          .contains("block 45,000,000, on base")
          .contains("Last 720 hours")
          .contains("Every block since the contract's first was scanned, without a gap.");
      long closed = visits.market().closes().size();
      assertThat(visit.text("tbody tr:first-child")).endsWith("%,d".formatted(closed));
      assertThat(visit.page().evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
    }
  }

  @Test
  void withoutScriptsTheMethodAndTheDocumentsAreThere() {
    try (Visit visit = visits.open("", Visits.Setup.plain().withoutScript())) {
      assertThat(visit.text("body"))
          .contains("scripts are off")
          .contains("The key figures stand in a plain table.")
          .contains("summary.json")
          .contains("Speed is a mean over a session");
      assertThat(visit.page().locator("#filters").isVisible()).isFalse();
    }
  }
}
