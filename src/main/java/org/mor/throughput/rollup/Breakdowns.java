package org.mor.throughput.rollup;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Orders the cells of each model or provider into what is published. */
record Breakdowns(Horizon horizon, boolean gatewayKnown) {
  <K extends Comparable<K>> List<Breakdown<K>> of(Map<K, TimeCells> series) {
    List<Breakdown<K>> breakdowns = new ArrayList<>();
    series.forEach((id, cells) -> breakdowns.add(of(id, cells)));
    breakdowns.sort(
        Comparator.comparing((Breakdown<K> b) -> b.totals().tokens().total())
            .reversed()
            .thenComparing(Breakdown::id));
    return List.copyOf(breakdowns);
  }

  private <K> Breakdown<K> of(K id, TimeCells cells) {
    return new Breakdown<>(
        id,
        CellMetrics.of(cells.total(), gatewayKnown),
        cells.dense(Granularity.DAY, horizon.firstBreakdownDay(), horizon.lastDay(), gatewayKnown));
  }
}
