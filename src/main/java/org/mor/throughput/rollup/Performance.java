package org.mor.throughput.rollup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.MonthFiles.MonthFile;
import org.mor.throughput.session.Month;

/**
 * Speed and volume by model, provider and size of session.
 *
 * @param firstDay the first second of the 30 days that end with asOf's
 * @param models every model that ever closed a session, sorted; so are providers
 * @param keys of the groups, sorted; they speak of places in models and providers
 * @param groups everything of those days added up, a row a key
 * @param current the month of asOf, up to asOf
 * @param months where the months that are over are kept, oldest first
 */
public record Performance(
    long firstDay,
    List<Hash32> models,
    List<Address> providers,
    List<PerformanceKey> keys,
    PerformanceTable groups,
    PerformanceMonth current,
    List<MonthFile> months) {
  /** How many days the groups cover. */
  public static final int DAYS = Horizon.BREAKDOWN_DAYS;

  /** Adds up the groups of the recent days, and keeps asOf's month and where the others are. */
  static final class Fold {
    private final Horizon horizon;
    private final Directory directory;
    private final Map<PerformanceKey, Integer> numbers = new HashMap<>();
    private final List<PerformanceSum> sums = new ArrayList<>();
    private final List<MonthFile> months = new ArrayList<>();
    private @Nullable PerformanceMonth current;

    Fold(Horizon horizon, Directory directory) {
      this.horizon = horizon;
      this.directory = directory;
    }

    /**
     * Adds the next month.
     *
     * @param file where its cells are kept; null where they are not
     * @param cells null where the month is older than the groups
     */
    void add(@Nullable MonthFile file, @Nullable PerformanceMonth cells) {
      if (file != null) {
        months.add(file);
      }
      if (cells != null) {
        addGroups(cells);
        current = horizon.isOver(cells.month()) ? current : cells;
      }
    }

    private void addGroups(PerformanceMonth cells) {
      PerformanceKey[] keys =
          cells.keys().stream()
              .map(key -> cells.inDirectory(key, directory))
              .toArray(PerformanceKey[]::new);
      long first = (horizon.firstBreakdownDay() - cells.month().firstSecond()) / 86400;
      cells.addTo((day, key) -> day < first ? null : sum(keys[key]));
    }

    private PerformanceSum sum(PerformanceKey key) {
      int number = numbers.computeIfAbsent(key, k -> sums.size());
      if (number == sums.size()) {
        sums.add(new PerformanceSum());
      }
      return sums.get(number);
    }

    Performance finish() {
      PerformanceKey.Sorted sorted = PerformanceKey.Sorted.of(numbers, directory);
      PerformanceSum[] groups = new PerformanceSum[sums.size()];
      for (int i = 0; i < groups.length; i++) {
        groups[sorted.places()[i]] = sums.get(i);
      }
      PerformanceTable.Builder table = new PerformanceTable.Builder();
      Stream.of(groups).forEach(table::add);
      return new Performance(
          horizon.firstBreakdownDay(),
          sorted.models(),
          sorted.providers(),
          sorted.keys(),
          table.build(),
          current == null ? empty() : current,
          List.copyOf(months));
    }

    private PerformanceMonth empty() {
      Month month = Month.of(horizon.asOf().time());
      return new PerformanceRows(month, new Directory()).finish(horizon.daysOf(month));
    }
  }
}
