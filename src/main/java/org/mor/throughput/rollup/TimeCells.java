package org.mor.throughput.rollup;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The cells of one granularity that have data, by their first second. */
final class TimeCells {
  private final NavigableMap<Long, Cell> cells = new TreeMap<>();

  /** The cell asked for last: rows come in the order of time. */
  private @Nullable Cell last;

  private long lastStart;

  Cell at(long start) {
    if (last == null || lastStart != start) {
      last = cells.computeIfAbsent(start, key -> new Cell());
      lastStart = start;
    }
    return last;
  }

  void merge(TimeCells other, Translation translation) {
    other.cells.forEach((start, cell) -> at(start).merge(cell, translation));
  }

  NavigableMap<Long, Cell> byStart() {
    return cells;
  }

  /** The first second of the first cell with data. */
  OptionalLong first() {
    return cells.isEmpty() ? OptionalLong.empty() : OptionalLong.of(cells.firstKey());
  }

  /** All of them in one. */
  Cell total() {
    Cell total = new Cell();
    cells.values().forEach(total::merge);
    return total;
  }

  /** Every bucket from the one at {@code first} to the one at {@code last}, without a hole. */
  List<Bucket> dense(Granularity granularity, long first, long last, boolean gatewayKnown) {
    Cell empty = new Cell();
    List<Bucket> buckets = new ArrayList<>();
    for (long start = first; start <= last; start = granularity.plus(start, 1)) {
      Cell cell = cells.getOrDefault(start, empty);
      buckets.add(new Bucket(start, granularity.label(start), CellMetrics.of(cell, gatewayKnown)));
    }
    return List.copyOf(buckets);
  }

  /** The buckets with data. */
  List<Bucket> present(Granularity granularity, boolean gatewayKnown) {
    return cells.entrySet().stream()
        .map(
            cell ->
                new Bucket(
                    cell.getKey(),
                    granularity.label(cell.getKey()),
                    CellMetrics.of(cell.getValue(), gatewayKnown)))
        .toList();
  }
}
