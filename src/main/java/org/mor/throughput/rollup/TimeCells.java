package org.mor.throughput.rollup;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.rollup.Directory.Translation;
import org.mor.throughput.rollup.Rollup.Bucket;

/** The cells of one granularity that have data. */
final class TimeCells implements Serializable {
  private final Granularity granularity;
  private final NavigableMap<Long, Cell> cells = new TreeMap<>();

  /** The cell asked for last: rows come in the order of time. */
  private @Nullable Cell last;

  private long lastStart;

  TimeCells(Granularity granularity) {
    this.granularity = granularity;
  }

  /** The cell of the bucket that a time in Unix seconds falls into. */
  Cell at(long time) {
    long start = granularity.start(time);
    if (last == null || lastStart != start) {
      last = cells.computeIfAbsent(start, key -> new Cell());
      lastStart = start;
    }
    return last;
  }

  void merge(TimeCells other, Translation translation) {
    other.cells.forEach((start, cell) -> at(start).merge(cell, translation));
  }

  /** By the first second of their buckets. */
  NavigableMap<Long, Cell> byStart() {
    return cells;
  }

  /** All of them in one. */
  Cell total() {
    Cell total = new Cell();
    cells.values().forEach(total::merge);
    return total;
  }

  /** Every bucket from the one with data first to the one of {@code last}, without a hole. */
  List<Bucket> dense(long last, boolean gatewayKnown) {
    return cells.isEmpty() ? List.of() : dense(cells.firstKey(), last, gatewayKnown);
  }

  /** Every bucket from the one of {@code first} to the one of {@code last}, without a hole. */
  List<Bucket> dense(long first, long last, boolean gatewayKnown) {
    Cell empty = new Cell();
    List<Bucket> buckets = new ArrayList<>();
    for (long start = granularity.start(first); start <= last; start = granularity.plus(start, 1)) {
      buckets.add(bucket(start, cells.getOrDefault(start, empty), gatewayKnown));
    }
    return List.copyOf(buckets);
  }

  /** The buckets with data. */
  List<Bucket> present(boolean gatewayKnown) {
    return cells.entrySet().stream()
        .map(cell -> bucket(cell.getKey(), cell.getValue(), gatewayKnown))
        .toList();
  }

  private Bucket bucket(long start, Cell cell, boolean gatewayKnown) {
    return new Bucket(start, granularity.label(start), Metrics.of(cell, gatewayKnown));
  }
}
