package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures on the page against the rows, and against each other. */
@ExtendWith(Browser.class)
class FiguresTest {
  private final Visits visits;

  FiguresTest(Visits visits) {
    this.visits = visits;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokens", "sessions", "hours"})
  void keyFigureTableCsvAndJsonAgreeToTheUnit(String measure) throws IOException {
    try (Visit visit = visits.open("?flagged=1&measure=" + measure).drawn()) {
      double kpi = visit.kpi(measure);
      visit.page().locator("#main-chart .actions button >> text=View as table").click();
      List<List<String>> table = visit.table("#main-chart");
      JsonNode json = visit.json("#main-chart");
      assertThat(sumOf(visit.download("#main-chart", "CSV"))).isCloseTo(kpi, within(1e-6));
      double total = 0;
      for (JsonNode row : json.get("rows")) {
        total += row.get("total").asDouble();
      }
      assertThat(total).isCloseTo(kpi, within(1e-6));
      List<String> last = table.get(table.size() - 1);
      double shown = number(last.get(last.size() - 1));
      assertThat(shown).isCloseTo(kpi, within(measure.equals("hours") ? 0.05 : 0));
      assertThat(boardTotal(visit, "#models", measure)).isCloseTo(shown, within(0.051));
      assertThat(boardTotal(visit, "#providers", measure)).isCloseTo(shown, within(0.051));
      assertThat(kpi).isCloseTo(expected(measure, close -> true, 30), within(1e-6));
      visit.hasDoneNothingWrong();
    }
  }

  @Test
  void aFilteredMedianIsThatOfTheRowsWithinOnePercent() {
    for (int provider = 1; provider <= 2; provider++) {
      int wanted = provider;
      String query =
          "?range=90d&model=%s&provider=%s".formatted(Ids.model(1), Ids.provider(wanted));
      Predicate<Close> chosen = close -> close.model() == 1 && close.provider() == wanted;
      try (Visit visit = visits.open(query).drawn()) {
        assertThat(visit.kpi("ttft"))
            .isCloseTo(median(chosen, Close::ttftMs), within(median(chosen, Close::ttftMs) / 100));
        assertThat(visit.kpi("tps"))
            .isCloseTo(
                median(chosen, Close::tpsScaled1000),
                within(median(chosen, Close::tpsScaled1000) / 100));
        assertThat(visit.kpi("sessions")).isEqualTo(expected("sessions", chosen, 90));
        assertThat(visit.kpi("providers")).isEqualTo(1);
        assertThat(visit.text("#kpi-note")).doesNotContain("wallets in the last");
      }
    }
  }

  @Test
  void percentilesUnderAFilterAreThoseOfTheRowsWithinOnePercent() throws IOException {
    Predicate<Close> small = close -> close.input() < 1_000 && close.output() < 500;
    try (Visit visit = visits.open("?range=90d&by=month&in=low&out=short").drawn()) {
      assertThat(visit.kpi("sessions")).isEqualTo(expected("sessions", small, 90));
      assertThat(visit.kpi("tokens")).isEqualTo(expected("tokens", small, 90));
      assertThat(percentilesChecked(visit, "#ttft", small, Close::ttftMs, 1)).isGreaterThan(3);
      assertThat(percentilesChecked(visit, "#tps", small, Close::tpsScaled1000, 1000))
          .isGreaterThan(3);
      visit.hasDoneNothingWrong();
    }
  }

  /** How many percentiles of months stand in a chart's JSON; each must be that of the rows. */
  private int percentilesChecked(
      Visit visit, String chart, Predicate<Close> chosen, ToLongFunction<Close> of, int scale)
      throws IOException {
    int checked = 0;
    for (JsonNode row : visit.json(chart).get("rows")) {
      String month = row.get("bucket").asText().substring(0, 7);
      Predicate<Close> mine =
          chosen
              .and(close -> close.closedAt() >= from(90))
              .and(close -> Instant.ofEpochSecond(close.closedAt()).toString().startsWith(month));
      for (int percentile : new int[] {50, 95, 99}) {
        JsonNode found = row.get("p" + percentile);
        if (!found.isNull()) {
          double wanted = rank(mine, of, percentile) / scale;
          assertThat(found.asDouble())
              .as("%s p%d of %s", chart, percentile, month)
              .isCloseTo(wanted, within(wanted / 100));
          checked++;
        }
      }
    }
    return checked;
  }

  @Test
  void walletsAreSaidToBeOfAllUnderAFilter() {
    try (Visit visit = visits.open("?model=" + Ids.model(1)).drawn()) {
      assertThat(visit.text("#kpi-note")).contains("wallets cannot be filtered");
    }
  }

  @Test
  void implausibleTokensAreLeftOutOfRankingsAndSaidSo() {
    try (Visit visit = visits.open("").drawn()) {
      assertThat(visit.kpi("tokens"))
          .isEqualTo(expected("tokens", close -> !close.isFlagged(), 30));
      assertThat(visit.text("#kpi-note")).contains("are implausible, from 2 sessions: left out");
      visit.page().getByLabel("Implausible").check();
      assertThat(visit.drawn().kpi("tokens")).isEqualTo(expected("tokens", close -> true, 30));
      assertThat(visit.page().url()).endsWith("?flagged=1");
    }
  }

  @Test
  void aMedianIsThatOfAllModelsAndProvidersToo() {
    try (Visit visit = visits.open("").drawn()) {
      Predicate<Close> all = close -> close.closedAt() >= from(30);
      assertThat(visit.kpi("ttft"))
          .isCloseTo(median(all, Close::ttftMs), within(median(all, Close::ttftMs) / 100));
      assertThat(visit.kpi("tps"))
          .isCloseTo(
              median(all, Close::tpsScaled1000), within(median(all, Close::tpsScaled1000) / 100));
    }
  }

  private static double sumOf(String csv) {
    List<String> lines = csv.lines().toList();
    double sum = 0;
    for (String line : lines.subList(1, lines.size())) {
      String last = line.substring(line.lastIndexOf(',') + 1);
      sum += last.isEmpty() ? 0 : Double.parseDouble(last);
    }
    return sum;
  }

  private static double boardTotal(Visit visit, String board, String measure) {
    List<List<String>> rows = visit.table(board);
    int column = List.of("sessions", "tokens", "hours").indexOf(measure) + 1;
    return number(rows.get(rows.size() - 1).get(column).lines().findFirst().orElseThrow());
  }

  private static double number(String text) {
    return Double.parseDouble(text.replace(",", ""));
  }

  private static long from(int days) {
    Instant today = Market.AS_OF.truncatedTo(ChronoUnit.DAYS);
    return today.minus(days - 1, ChronoUnit.DAYS).getEpochSecond();
  }

  private double expected(String measure, Predicate<Close> chosen, int days) {
    ToLongFunction<Close> value =
        switch (measure) {
          case "tokens" -> close -> close.input() + close.output();
          case "hours" -> Close::duration;
          default -> close -> 1;
        };
    long sum =
        visits.market().closes().stream()
            .filter(chosen)
            .filter(close -> close.closedAt() >= from(days))
            .mapToLong(value)
            .sum();
    return measure.equals("hours") ? sum / 3600.0 : (double) sum;
  }

  private double median(Predicate<Close> chosen, ToLongFunction<Close> of) {
    return rank(chosen, of, 50);
  }

  /** Nearest rank over undisputed closes with a value. */
  private double rank(Predicate<Close> chosen, ToLongFunction<Close> of, int percentile) {
    long[] values =
        visits.market().closes().stream()
            .filter(chosen)
            .filter(close -> !close.disputed() && of.applyAsLong(close) > 0)
            .mapToLong(of)
            .sorted()
            .toArray();
    return (double) values[(percentile * values.length + 99) / 100 - 1];
  }
}
