package org.mor.throughput.rollup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.session.Month;

/** Adds up the groups of the recent days, and keeps the month of asOf and where the others are. */
final class PerformanceFold {
  private final Horizon horizon;
  private final Directory directory;
  private final Map<PerformanceKey, PerformanceSum> sums = new HashMap<>();
  private final List<MonthFile> months = new ArrayList<>();
  private @Nullable PerformanceMonth current;

  PerformanceFold(Horizon horizon, Directory directory) {
    this.horizon = horizon;
    this.directory = directory;
  }

  void add(MonthScan.Result month) {
    MonthFile file = month.partial().file();
    if (file != null) {
      months.add(file);
    }
    PerformanceMonth cells = month.performance();
    if (cells != null) {
      addGroups(cells);
      current = horizon.isOver(cells.month()) ? current : cells;
    }
  }

  private void addGroups(PerformanceMonth cells) {
    PerformanceKey[] keys =
        cells.keys().stream().map(key -> inDirectory(cells, key)).toArray(PerformanceKey[]::new);
    long first = (horizon.firstBreakdownDay() - cells.month().firstSecond()) / 86400;
    cells.addTo(
        (day, key) ->
            day < first ? null : sums.computeIfAbsent(keys[key], k -> new PerformanceSum()));
  }

  private PerformanceKey inDirectory(PerformanceMonth cells, PerformanceKey key) {
    return new PerformanceKey(
        key.model() < 0 ? Names.NONE : directory.models().number(cells.models().get(key.model())),
        key.provider() < 0
            ? Names.NONE
            : directory.providers().number(cells.providers().get(key.provider())),
        key.input(),
        key.output());
  }

  Performance finish() {
    Map<PerformanceKey, Integer> numbered = new HashMap<>();
    List<PerformanceSum> inOrder = new ArrayList<>();
    sums.forEach(
        (key, sum) -> {
          numbered.put(key, inOrder.size());
          inOrder.add(sum);
        });
    PerformanceKeys keys = PerformanceKeys.of(numbered, directory);
    PerformanceSum[] groups = new PerformanceSum[inOrder.size()];
    for (int i = 0; i < groups.length; i++) {
      groups[keys.places()[i]] = inOrder.get(i);
    }
    return new Performance(
        horizon.firstBreakdownDay(),
        keys.models(),
        keys.providers(),
        keys.keys(),
        PerformanceTable.of(List.of(groups)),
        current == null ? empty() : current,
        List.copyOf(months));
  }

  private PerformanceMonth empty() {
    Month month = Month.of(horizon.asOf().time());
    return new PerformanceRows(month, new Directory()).finish(horizon.daysOf(month));
  }
}
