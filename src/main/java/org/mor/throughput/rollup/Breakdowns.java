package org.mor.throughput.rollup;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Orders the cells of each model or provider into what is published. Anybody may register models,
 * so only the first ones have a bucket for each day; the others have one for each day on which
 * anything happened, of which there are no more than sessions.
 */
record Breakdowns(Horizon horizon, boolean gatewayKnown) {
  private record Ranked<K>(K id, TimeCells cells, Metrics totals) {}

  <K extends Comparable<K>> List<Breakdown<K>> of(Map<K, TimeCells> series) {
    List<Ranked<K>> ranked = new ArrayList<>();
    series.forEach(
        (id, cells) ->
            ranked.add(new Ranked<>(id, cells, CellMetrics.of(cells.total(), gatewayKnown))));
    ranked.sort(
        Comparator.comparing((Ranked<K> one) -> one.totals.tokens().total())
            .reversed()
            .thenComparing(Ranked::id));
    List<Breakdown<K>> breakdowns = new ArrayList<>();
    for (Ranked<K> one : ranked) {
      boolean dense = breakdowns.size() < Breakdown.DENSE;
      breakdowns.add(new Breakdown<>(one.id, one.totals, days(one.cells, dense)));
    }
    return List.copyOf(breakdowns);
  }

  private List<Bucket> days(TimeCells cells, boolean dense) {
    return dense
        ? cells.dense(Granularity.DAY, horizon.firstBreakdownDay(), horizon.lastDay(), gatewayKnown)
        : cells.present(Granularity.DAY, gatewayKnown);
  }
}
