package org.mor.throughput.rollup;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Directory.Translation;
import org.mor.throughput.rollup.Horizon.Window;
import org.mor.throughput.rollup.Rollup.Breakdown;
import org.mor.throughput.rollup.Rollup.CloseSpan;
import org.mor.throughput.rollup.Rollup.Windows;
import org.mor.throughput.session.OpenRow.OpenFacts;

/** Adds months up, oldest first; what it keeps grows with users, weeks and open sessions only. */
final class Fold {
  private final Horizon horizon;
  private final boolean gatewayKnown;
  private final Directory directory = new Directory();
  private final TimeCells days = new TimeCells(Granularity.DAY);
  private final TimeCells weeks = new TimeCells(Granularity.WEEK);
  private final TimeCells months = new TimeCells(Granularity.MONTH);
  private final RecentCells recent;
  private final Performance.Fold performance;
  private final Map<Hash32, OpenFacts> unclosed = new HashMap<>();
  private CloseSpan closes = CloseSpan.NONE;
  private long firstDay = Long.MAX_VALUE;

  Fold(Horizon horizon, boolean gatewayKnown) {
    this.horizon = horizon;
    this.gatewayKnown = gatewayKnown;
    this.recent = new RecentCells(horizon);
    this.performance = new Performance.Fold(horizon, directory);
  }

  void add(MonthPart month) {
    MonthPartial partial = month.partial();
    Translation translation = partial.directory().to(directory);
    partial.days().byStart().forEach((start, cell) -> addDay(start, cell, translation));
    if (month.recent() != null) {
      recent.merge(month.recent(), translation);
    }
    performance.add(partial.file(), month.performance());
    // A close is never before its open, so by now its open has been seen if it ever was.
    partial.unclosedOpens().forEach(open -> unclosed.put(open.sessionId(), open));
    partial.unopenedCloses().forEach(unclosed::remove);
    closes = closes.and(partial.span());
  }

  private void addDay(long start, Cell local, Translation translation) {
    Cell cell = new Cell();
    cell.merge(local, translation);
    weeks.at(start).merge(cell);
    months.at(start).merge(cell);
    if (start >= horizon.firstDay()) {
      days.at(start).merge(cell);
    }
    firstDay = Math.min(start, firstDay);
  }

  Rollup finish() {
    long now = horizon.asOf().time();
    Map<Hash32, String> names = new HashMap<>();
    recent.names().forEach((id, name) -> names.put(id, name.name()));
    List<OpenFacts> opens = new ArrayList<>(unclosed.values());
    opens.sort(Comparator.comparingLong(OpenFacts::openedAt).thenComparing(OpenFacts::sessionId));
    return new Rollup(
        horizon.asOf(),
        new Windows(
            metrics(months.total()),
            metrics(recent.window(Window.LAST_24_HOURS)),
            metrics(recent.window(Window.LAST_7_DAYS)),
            metrics(recent.window(Window.LAST_30_DAYS))),
        recent.hours().dense(horizon.firstHour(), now, gatewayKnown),
        recent.volumes().finish(horizon, directory),
        days.dense(Math.max(horizon.firstDay(), firstDay), now, gatewayKnown),
        weeks.dense(now, gatewayKnown),
        months.dense(now, gatewayKnown),
        breakdowns(recent.models()),
        breakdowns(recent.providers()),
        Map.copyOf(names),
        performance.finish(),
        recent.rankings().recommend(horizon.asOf(), directory),
        closes,
        List.copyOf(opens));
  }

  /**
   * Anybody may register models, so only the first ones have a bucket for each day; the others have
   * one for each day on which anything happened, of which there are no more than sessions.
   */
  private <K extends Comparable<K>> List<Breakdown<K>> breakdowns(Map<K, TimeCells> series) {
    List<Breakdown<K>> ranked = new ArrayList<>();
    series.forEach(
        (id, cells) -> ranked.add(new Breakdown<>(id, metrics(cells.total()), List.of())));
    ranked.sort(
        Comparator.comparing((Breakdown<K> one) -> one.totals().tokens().total())
            .reversed()
            .thenComparing(Breakdown::id));
    List<Breakdown<K>> breakdowns = new ArrayList<>();
    for (Breakdown<K> one : ranked) {
      TimeCells cells = Objects.requireNonNull(series.get(one.id()));
      boolean dense = breakdowns.size() < Breakdown.DENSE;
      breakdowns.add(
          new Breakdown<>(
              one.id(),
              one.totals(),
              dense
                  ? cells.dense(horizon.firstBreakdownDay(), horizon.lastDay(), gatewayKnown)
                  : cells.present(gatewayKnown)));
    }
    return List.copyOf(breakdowns);
  }

  private Metrics metrics(Cell cell) {
    return Metrics.of(cell, gatewayKnown);
  }
}
