package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The page in use: fingers, keys, back and forward, screens and text of every size, paper, files.
 */
@ExtendWith(Browser.class)
class UseTest {
  /** Adds up what the browser calls layout shift. */
  private static final String SHIFTS =
      """
      window.shifted = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
      """;

  private final Visits visits;

  UseTest(Visits visits) {
    this.visits = visits;
  }

  @AfterEach
  void restore() {
    visits.server().restore();
  }

  @Test
  void whatATapShowsStaysUntilSomethingElseIsTapped() {
    try (Visit visit = visits.open("", Visits.Setup.plain().width(412).touch()).drawn()) {
      Page page = visit.page();
      page.locator("#main-chart .plot-svg").scrollIntoViewIfNeeded();
      BoundingBox box = page.locator("#main-chart .plot-svg").boundingBox();
      page.touchscreen().tap(box.x + box.width / 2, box.y + box.height / 2);
      assertThat(page.locator("#main-chart .tip").isVisible()).isTrue();
      assertThat(visit.text("#main-chart .tip")).contains("2026");
      page.locator("#main-chart h2").tap();
      assertThat(page.locator("#main-chart .tip").isVisible()).isFalse();
      visit.hasDoneNothingWrong();
    }
  }

  @Test
  void aTooltipListsThoseWithoutAColourToo() {
    long day = Market.AS_OF.getEpochSecond() / 86_400 - 3;
    Set<String> sold =
        visits.market().closes().stream()
            .filter(close -> close.closedAt() / 86_400 == day)
            .filter(close -> close.input() + close.output() > 0)
            .map(close -> Ids.modelName(close.model()))
            .collect(Collectors.toSet());
    try (Visit visit = visits.open("").drawn()) {
      Page page = visit.page();
      page.locator("#main-chart .plot-svg").focus();
      for (int i = 0; i < 4; i++) {
        page.keyboard().press("ArrowLeft");
      }
      List<String> names = page.locator("#main-chart .tip li .name").allInnerTexts();
      List<String> legend = page.locator("#main-chart .legend .name").allInnerTexts();
      assertThat(visit.text("#main-chart .tip")).contains("13 Apr 2026");
      assertThat(names).containsAll(sold);
      assertThat(sold).anyMatch(name -> !legend.contains(name));
      visit.hasDoneNothingWrong();
    }
  }

  @Test
  void aListIsUsedWithTheKeyboardAlone() {
    try (Visit visit = visits.open("").drawn()) {
      Page page = visit.page();
      page.locator("details.picker summary").first().press("Enter");
      page.locator("details.picker[open] input[type=checkbox]").nth(2).waitFor();
      page.locator("details.picker[open] input[type=checkbox]").nth(2).focus();
      String chosen = focused(page);
      page.keyboard().press("Space");
      visit.drawn();
      assertThat(focused(page)).isEqualTo(chosen).startsWith("model-0x");
      assertThat(page.url()).contains("model=0x");
      page.keyboard().press("Space");
      visit.drawn();
      assertThat(focused(page)).isEqualTo(chosen);
      page.keyboard().press("Space");
      visit.drawn();
      page.keyboard().press("Escape");
      assertThat(page.locator("details.picker[open]").count()).isZero();
      assertThat(focused(page)).isEqualTo("picker-model");
      page.locator("#filters button:has-text('Reset')").press("Enter");
      visit.drawn();
      assertThat(focused(page)).isEqualTo("reset");
      assertThat(page.url()).endsWith("/throughput.html");
      visit.hasDoneNothingWrong();
    }
  }

  private static String focused(Page page) {
    return Objects.toString(page.evaluate("document.activeElement.dataset.key ?? ''"));
  }

  @Test
  void backAndForwardWalkThroughTheFilters() {
    try (Visit visit = visits.open("").drawn()) {
      double month = visit.kpi("sessions");
      visit.page().locator("#filters input[value='7d']").check();
      double week = visit.drawn().kpi("sessions");
      visit.page().locator("#main-chart input[value=sessions]").check();
      visit.drawn();
      visit.page().goBack();
      visit.page().waitForFunction("() => !location.search.includes('measure')");
      visit.drawn();
      assertThat(visit.kpi("sessions")).isEqualTo(week).isLessThan(month);
      visit.page().goBack();
      visit.page().waitForFunction("() => location.search === ''");
      assertThat(visit.drawn().kpi("sessions")).isEqualTo(month);
      visit.page().goForward();
      visit.page().waitForFunction("() => location.search === '?range=7d'");
      assertThat(visit.drawn().kpi("sessions")).isEqualTo(week);
      visit.hasDoneNothingWrong();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "320, fresh", "320, late", "412, fresh", "412, late", "768, fresh", "768, late",
    "1024, fresh", "1024, late", "1280, fresh", "1440, fresh", "1440, late", "412, other-font",
    "1024, other-font", "1440, other-font"
  })
  void nothingMovesWhileThePageFills(int width, String kind) throws IOException {
    if (kind.equals("other-font")) {
      String css = PageServer.siteFile("css/base.css");
      visits
          .server()
          .replace(
              "/css/base.css",
              new PageServer.Reply(
                  200, Mutation.apply(css, "--font: system-ui,", "--font: monospace,")));
    }
    try (Visit visit = visits.blank(Visits.Setup.plain().width(width))) {
      Page page = visit.page();
      page.addInitScript(SHIFTS);
      if (kind.equals("late")) {
        page.clock().setFixedTime(java.util.Date.from(Visits.NOW.plusSeconds(5 * 3_600)));
      }
      page.navigate(visits.server().address() + "/throughput.html");
      visit.drawn();
      double shifted = ((Number) page.evaluate("window.shifted")).doubleValue();
      assertThat(shifted).as("%d %s", width, kind).isLessThanOrEqualTo(0.05);
    }
  }

  @Test
  void filtersStandInOneLineAndTheFirstChartIsWhole() {
    for (int width : new int[] {1280, 1440}) {
      try (Visit visit = visits.open("", Visits.Setup.plain().width(width)).drawn()) {
        Object tops =
            visit
                .page()
                .evaluate(
                    "() => new Set([...document.querySelectorAll('#filters > *')].map((e) => {"
                        + " const b = e.getBoundingClientRect(); return Math.round((b.top +"
                        + " b.bottom) / 2 / 4); })).size");
        assertThat(tops).isEqualTo(1);
        BoundingBox chart = visit.page().locator("#main-chart .plot").boundingBox();
        assertThat(chart.y + chart.height).isLessThan(900);
      }
    }
  }

  @Test
  void keyFiguresDoNotWrapAndAMissingMedianIsNoFigure() {
    try (Visit visit = visits.open("?model=" + Ids.model(29)).drawn()) {
      assertThat(visit.text("#kpi-ttft .kpi-value")).isEqualTo("–");
      assertThat(visit.text("#kpi-ttft .kpi-sub")).contains("29 of 30 samples");
    }
    try (Visit visit = visits.open("").drawn()) {
      Object wrapped =
          visit
              .page()
              .evaluate(
                  "() => [...document.querySelectorAll('.kpi h3, .kpi-value, .kpi-sub span,"
                      + " .kpi-delta span')].filter((e) => e.getClientRects().length > 1 ||"
                      + " e.scrollWidth > e.clientWidth).map((e) => e.textContent)");
      assertThat((List<?>) wrapped).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"24h, tokens, model", "7d, sessions, provider", "7d, hours, model"})
  void hoursSplitAndAddUpToTheirTotal(String range, String measure, String split)
      throws IOException {
    String query = "?range=%s&by=hour&measure=%s&stack=%s&flagged=1";
    try (Visit visit = visits.open(query.formatted(range, measure, split)).drawn()) {
      assertThat(visit.page().locator("#main-chart .legend button").count()).isGreaterThan(4);
      List<List<String>> lines =
          visit
              .download("#main-chart", "CSV")
              .lines()
              .map(line -> List.of(line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)))
              .toList();
      int total = lines.get(0).size() - 1;
      List<Integer> parts =
          IntStream.range(2, total)
              .filter(i -> lines.get(0).get(i).contains("exact") == measure.equals("hours"))
              .filter(i -> !lines.get(0).get(i).startsWith("Total"))
              .boxed()
              .toList();
      assertThat(parts).hasSizeGreaterThan(4);
      for (List<String> line : lines.subList(1, lines.size())) {
        double sum = parts.stream().mapToDouble(i -> number(line.get(i))).sum();
        assertThat(sum).as("%s", line).isCloseTo(number(line.get(total)), within(1e-6));
      }
      assertThat(visit.text("#kpi-note")).contains("UTC hours").contains("hours");
      List<String> axis = visit.page().locator("#main-chart .plot-svg .tick").allTextContents();
      assertThat(axis)
          .anyMatch(tick -> tick.matches(range.equals("24h") ? "\\d\\d:00" : "\\d+ Apr"));
      visit.page().getByLabel("Share").check();
      visit.drawn().hasDoneNothingWrong();
    }
  }

  private static double number(String cell) {
    return cell.isEmpty() ? 0 : Double.parseDouble(cell);
  }

  @Test
  void hoursWithoutTheirCellsAreTotalsAndSaySo() {
    visits.server().replaceDocument("rollup/hourly-cells.json", 404, "");
    try (Visit visit = visits.open("?range=24h").drawn()) {
      assertThat(visit.text("#main-chart"))
          .contains(
              "The split is not available: rollup/hourly-cells.json answered with status 404.");
      assertThat(visit.page().locator("#main-chart .plot-svg .bar").count()).isPositive();
      assertThat(visit.page().getByLabel("Share").isDisabled()).isTrue();
      assertThat(visit.text("#kpi-note")).contains("Last 24 UTC hours").contains("last 24 hours");
    }
  }

  @Test
  void wholeDaysAndRollingHoursAreNamedApart() {
    try (Visit visit = visits.open("").drawn()) {
      assertThat(visit.text("#kpi-note"))
          .contains("Last 30 UTC days: 18 Mar 2026 to 16 Apr 2026.")
          .contains("in the last 720 hours");
      assertThat(visit.page().locator("#filters input[value='30d']").getAttribute("aria-label"))
          .isEqualTo("Last 30 UTC days");
    }
  }

  @Test
  void tablesOpenWhereTheyAreSeenAndShowNoRawKeys() {
    try (Visit visit = visits.open("").drawn()) {
      for (String section : List.of("#main-chart", "#ttft", "#recommendations")) {
        visit.page().locator(section + " .actions button >> text=View as table").click();
        BoundingBox head = visit.page().locator(section + " .card-head").boundingBox();
        BoundingBox table = visit.page().locator(section + " .card-body .table").boundingBox();
        assertThat(table.y - head.y - head.height).as(section).isLessThan(30);
        assertThat(visit.text(section + " thead"))
            .doesNotContainPattern("ttftMs|p50Low|activeDays|disputedPct|_low|_samples");
        assertThat(visit.text(section + " tbody")).doesNotContain("ttftMs");
      }
    }
  }

  @Test
  void besideEveryChartStandsTheCommandThatReadsItsDocuments() {
    Map<String, String> commands =
        Map.of(
            "main-chart", "rollup/daily-recent.json",
            "ttft", "rollup/performance-index.json",
            "tps", "rollup/performance-current.json",
            "models", "rollup/performance-current.json",
            "providers", "rollup/performance-current.json",
            "heatmap", "rollup/performance-current.json",
            "size", "rollup/performance-current.json",
            "recommendations", "rollup/recommendations.json",
            "stuck", "stuck-sessions.json");
    try (Visit visit = visits.open("").drawn()) {
      for (Map.Entry<String, String> entry : commands.entrySet()) {
        String section = "#" + entry.getKey();
        visit.page().locator(section + " .actions [data-key=api-" + entry.getKey() + "]").click();
        String address = visits.server().address() + "/api/throughput/" + entry.getValue();
        assertThat(visit.text(section + " .api pre"))
            .contains("curl --compressed '" + address + "'");
      }
      visit.page().locator("#stuck .actions [data-key=api-stuck]").click();
      assertThat(visit.page().locator("#stuck .api").count()).isZero();
      visit.hasDoneNothingWrong();
    }
  }

  @Test
  void filesNameTheirWindowAndHaveNamesUnitsAndExactValues() throws IOException {
    try (Visit visit = visits.open("").drawn()) {
      Download download =
          visit
              .page()
              .waitForDownload(
                  () -> visit.page().locator("#models .actions button >> text=CSV").click());
      assertThat(download.suggestedFilename())
          .isEqualTo("models_2026-03-18_2026-04-16_as-of-2026-04-16T1321Z.csv");
      List<String> lines = visit.download("#models", "CSV").lines().toList();
      assertThat(lines.get(0))
          .contains("Model id,Model,Type")
          .contains("\"Time to first token, median (ms)\"")
          .contains("\"Compute hours, exact\"");
      List<String> screen = visit.page().locator("#models tbody th .name").allInnerTexts();
      assertThat(lines.get(1)).contains("," + screen.get(0) + ",");
      assertThat(lines.get(2)).contains("," + screen.get(1) + ",");
      JsonNode json = visit.json("#recommendations");
      assertThat(json.fieldNames().next()).isEqualTo("about");
      assertThat(json.get("about").asText())
          .contains("30 UTC days from 2026-03-18")
          .contains("As of 2026-04-16T13:21:18Z, block 45000000.");
      assertThat(json.at("/rows/0/model").asText()).isNotEmpty();
      assertThat(json.at("/rows/0/modelId").asText()).startsWith("0x");
      assertThat(json.at("/rows/0/measure").asText()).isEqualTo("Time to first token");
    }
  }

  @Test
  void modelsThatRankAreShownFirstAndWhereNoneDoesTheNearestAreNamed() throws IOException {
    try (Visit visit = visits.open("").drawn()) {
      assertThat(
              visit
                  .page()
                  .locator("#recommendations .rec.winner, #recommendations .rec.no-clear-winner")
                  .count())
          .isPositive();
    }
    String none =
        visits
            .server()
            .document("rollup/recommendations.json")
            .replaceAll("\"outcome\":\"[a-z-]+\"", "\"outcome\":\"too-few-providers\"")
            .replaceAll("\"eligible\":true", "\"eligible\":false")
            .replaceAll("\"lacks\":\\[]", "\"lacks\":[\"samples\"]");
    visits.server().replaceDocument("rollup/recommendations.json", 200, none);
    try (Visit visit = visits.open("").drawn()) {
      assertThat(visit.page().locator("#recommendations .rec").count()).isZero();
      assertThat(visit.text("#recommendations .notice"))
          .contains("No model has two providers with enough data to rank them yet. Nearest: 0xcd00")
          .containsPattern(
              " for (model|gate)-\\d+, (low|short) (input|output) volume, needs \\d+ more");
    }
  }

  @Test
  void theHeatmapHasFilledCellsFirst() {
    try (Visit visit = visits.open("").drawn()) {
      List<List<String>> rows = visit.table("#heatmap");
      for (int column = 1; column < rows.get(0).size(); column++) {
        int at = column;
        assertThat(rows.stream().skip(1).map(row -> row.get(at)))
            .as(rows.get(0).get(column))
            .anyMatch(UseTest::isMedian);
      }
    }
  }

  private static boolean isMedian(String cell) {
    return cell.contains("n=") && !cell.contains("needs");
  }

  @Test
  void anEmptyStoreSaysWhatToDoAndNothingElse() {
    visits.server().replaceDocument("summary.json", 404, "");
    try (Visit visit = visits.open("").shows("Nothing published yet")) {
      assertThat(visit.text("#nothing")).contains("indexer backfill").contains("indexer rollup");
      assertThat(visit.page().locator("#main-chart").isVisible()).isFalse();
      assertThat(visit.page().locator("#models").isVisible()).isFalse();
      assertThat(visit.text("#banners")).isEmpty();
    }
  }

  @Test
  void paperHoldsThePageInFivePagesWithoutControls() {
    try (Visit visit = visits.open("").drawn()) {
      byte[] pdf = visit.page().pdf(new Page.PdfOptions().setPreferCSSPageSize(true));
      String text = new String(pdf, StandardCharsets.ISO_8859_1);
      int pages = text.split("/Type\\s*/Page[^s]", -1).length - 1;
      assertThat(pages).isBetween(1, 5);
      visit
          .page()
          .emulateMedia(
              new Page.EmulateMediaOptions()
                  .setMedia(com.microsoft.playwright.options.Media.PRINT));
      Object shown =
          visit
              .page()
              .evaluate(
                  "() => [...document.querySelectorAll('button:not(.link, .sort, .legend-item),"
                      + " select, input, summary')].filter((e) => e.checkVisibility({"
                      + " visibilityProperty: true })).map((e) => e.outerHTML.slice(0, 90))");
      assertThat((List<?>) shown).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?range=24h", "?est=1&by=week"})
  void nothingOverflowsANarrowScreenAndWideTablesSaySo(String query) {
    try (Visit visit = visits.open(query, Visits.Setup.plain().width(320)).drawn()) {
      Object wide =
          visit
              .page()
              .evaluate(
                  "() => [...document.querySelectorAll('main *')].filter((e) =>"
                      + " !e.closest('.scroll, svg, .sr, .tip') && e.getBoundingClientRect().right"
                      + " > 321).map((e) => e.outerHTML.slice(0, 90))");
      assertThat((List<?>) wide).isEmpty();
      assertThat(visit.page().evaluate("document.documentElement.scrollWidth")).isEqualTo(320);
      Object saying =
          visit
              .page()
              .evaluate(
                  "() => [...document.querySelectorAll('.scroll')].filter((e) => e.scrollWidth >"
                      + " e.clientWidth === e.previousElementSibling.hidden).map((e) =>"
                      + " e.ariaLabel)");
      assertThat((List<?>) saying).as("wide without a word, or a word too many").isEmpty();
      assertThat(visit.text("#models .table")).contains("Scroll sideways for more columns");
    }
  }

  @Test
  void textFollowsTheBrowsersFontSize() {
    try (Visit visit = visits.open("").drawn()) {
      Object sizes =
          visit
              .page()
              .evaluate(
                  """
                  () => {
                    const size = (selector) => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize);
                    const all = ['body', '.kpi-value', '.btn', 'table', '.tick', '.note'];
                    const before = all.map(size);
                    document.documentElement.style.fontSize = '200%';
                    return all.map((selector, i) => Math.round(10 * size(selector) / before[i]));
                  }
                  """);
      assertThat(sizes).hasToString("[20, 20, 20, 20, 20, 20]");
    }
  }
}
