package org.mor.throughput.rollup;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.OpenRow.OpenFacts;

/** Adds months up, oldest first; what it keeps grows with users, weeks and open sessions only. */
final class Fold {
  private final Horizon horizon;
  private final Directory directory = new Directory();
  private final TimeCells days = new TimeCells();
  private final TimeCells weeks = new TimeCells();
  private final TimeCells months = new TimeCells();
  private final RecentCells recent;
  private final PerformanceFold performance;
  private final Map<Hash32, OpenFacts> unclosed = new HashMap<>();
  private OptionalLong firstDay = OptionalLong.empty();
  private CloseSpan closes = CloseSpan.NONE;

  Fold(Horizon horizon) {
    this.horizon = horizon;
    this.recent = new RecentCells(horizon);
    this.performance = new PerformanceFold(horizon, directory);
  }

  void add(MonthScan.Result month) {
    MonthPartial partial = month.partial();
    Translation translation = partial.directory().to(directory);
    partial.days().byStart().forEach((start, cell) -> addDay(start, cell, translation));
    if (month.recent() != null) {
      recent.merge(month.recent(), translation);
    }
    performance.add(month);
    // A close is never before its open, so by now its open has been seen if it ever was.
    partial.unclosedOpens().forEach(open -> unclosed.put(open.sessionId(), open));
    partial.unopenedCloses().forEach(unclosed::remove);
    closes = closes.and(partial.span());
  }

  private void addDay(long start, Cell local, Translation translation) {
    Cell cell = new Cell();
    cell.merge(local, translation);
    weeks.at(Granularity.WEEK.start(start)).merge(cell);
    months.at(Granularity.MONTH.start(start)).merge(cell);
    if (start >= horizon.firstDay()) {
      days.at(start).merge(cell);
    }
    firstDay = OptionalLong.of(Math.min(start, firstDay.orElse(start)));
  }

  Rollup finish(boolean gatewayKnown) {
    long now = horizon.asOf().time();
    Breakdowns breakdowns = new Breakdowns(horizon, gatewayKnown);
    Map<Hash32, String> names = new TreeMap<>();
    recent.names().forEach((id, name) -> names.put(id, name.name()));
    List<OpenFacts> opens = new ArrayList<>(unclosed.values());
    opens.sort(Comparator.comparingLong(OpenFacts::openedAt).thenComparing(OpenFacts::sessionId));
    return new Rollup(
        horizon.asOf(),
        windows(gatewayKnown),
        recent
            .hours()
            .dense(Granularity.HOUR, horizon.firstHour(), horizon.lastHour(), gatewayKnown),
        recent.volumes().finish(horizon, directory),
        days.dense(
            Granularity.DAY,
            Math.max(horizon.firstDay(), firstDay.orElse(Long.MAX_VALUE)),
            horizon.lastDay(),
            gatewayKnown),
        sinceFirst(weeks, Granularity.WEEK, now, gatewayKnown),
        sinceFirst(months, Granularity.MONTH, now, gatewayKnown),
        breakdowns.of(recent.models()),
        breakdowns.of(recent.providers()),
        Map.copyOf(names),
        performance.finish(),
        recent.rankings().recommend(horizon, directory),
        closes,
        List.copyOf(opens));
  }

  private Windows windows(boolean gatewayKnown) {
    return new Windows(
        CellMetrics.of(months.total(), gatewayKnown),
        CellMetrics.of(recent.window(Window.LAST_24_HOURS), gatewayKnown),
        CellMetrics.of(recent.window(Window.LAST_7_DAYS), gatewayKnown),
        CellMetrics.of(recent.window(Window.LAST_30_DAYS), gatewayKnown));
  }

  private static List<Bucket> sinceFirst(
      TimeCells cells, Granularity granularity, long now, boolean gatewayKnown) {
    long first = cells.first().orElse(Long.MAX_VALUE);
    return cells.dense(granularity, first, granularity.start(now), gatewayKnown);
  }
}
