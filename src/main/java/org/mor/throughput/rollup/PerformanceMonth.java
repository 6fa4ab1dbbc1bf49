package org.mor.throughput.rollup;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Directory.Names;
import org.mor.throughput.session.Month;

/**
 * The closes of one month in cells of a day, a model, a provider and the two size classes.
 *
 * @param models of the month, sorted; keys speak of places in it
 * @param providers of the month, sorted; likewise
 * @param keys the combinations that occur, sorted
 * @param perDay how many cells each day has, from the first day of the month on
 * @param cellKeys the place in {@code keys} of each cell; cells are sorted by day, then by key
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record PerformanceMonth(
    Month month,
    List<Hash32> models,
    List<Address> providers,
    List<PerformanceKey> keys,
    int[] perDay,
    int[] cellKeys,
    PerformanceTable cells)
    implements Serializable {
  private static final int MOST_DAYS = 31;

  /** Says to which sum a cell is to be added. */
  @FunctionalInterface
  public interface Sink {
    /**
     * The sum for a cell.
     *
     * @param day of the month, from 0 on
     * @param key the place of its key
     * @return null for nowhere
     */
    @Nullable PerformanceSum sum(int day, int key);
  }

  public PerformanceMonth {
    models = List.copyOf(models);
    providers = List.copyOf(providers);
    keys = List.copyOf(keys);
    int known = keys.size();
    if (perDay.length > MOST_DAYS
        || Arrays.stream(perDay).anyMatch(count -> count < 0)
        || Arrays.stream(perDay).asLongStream().sum() != cellKeys.length
        || cellKeys.length != cells.rows()
        || Arrays.stream(cellKeys).anyMatch(key -> key < 0 || key >= known)) {
      throw new IllegalArgumentException(
          "Cells of %s do not fit together: %d days, %d cells, %d rows, %d keys"
              .formatted(month, perDay.length, cellKeys.length, cells.rows(), known));
    }
    refuseUnknown(keys, models.size(), providers.size());
  }

  private static void refuseUnknown(List<PerformanceKey> keys, int models, int providers) {
    for (PerformanceKey key : keys) {
      if (key.model() >= models || key.provider() >= providers) {
        throw new IllegalArgumentException(
            "%s with %d models and %d providers".formatted(key, models, providers));
      }
    }
  }

  /** Adds every cell to the sum that {@code sink} names for it. */
  public void addTo(Sink sink) {
    PerformanceTable.Cursor cursor = cells.cursor();
    int cell = 0;
    for (int day = 0; day < perDay.length; day++) {
      for (int i = 0; i < perDay[day]; i++) {
        cursor.next(sink.sum(day, cellKeys[cell++]));
      }
    }
  }

  /** One of the keys, with the numbers that a directory has for its model and provider. */
  PerformanceKey inDirectory(PerformanceKey key, Directory directory) {
    return new PerformanceKey(
        key.model() < 0 ? Names.NONE : directory.models().number(models.get(key.model())),
        key.provider() < 0
            ? Names.NONE
            : directory.providers().number(providers.get(key.provider())),
        key.input(),
        key.output());
  }

  /** The cells of other closes of the same days, added to these. */
  PerformanceMonth merge(PerformanceMonth other) {
    Directory directory = new Directory();
    Map<PerformanceKey, Integer> numbers = new HashMap<>();
    Map<Long, PerformanceSum> sums = new HashMap<>();
    for (PerformanceMonth part : List.of(this, other)) {
      int[] numbered =
          part.keys.stream()
              .map(key -> part.inDirectory(key, directory))
              .mapToInt(key -> numbers.computeIfAbsent(key, k -> numbers.size()))
              .toArray();
      part.addTo(
          (day, key) -> sums.computeIfAbsent(cell(day, numbered[key]), k -> new PerformanceSum()));
    }
    PerformanceKey.Sorted sorted = PerformanceKey.Sorted.of(numbers, directory);
    SortedMap<Long, PerformanceSum> ordered = new TreeMap<>();
    sums.forEach(
        (cell, sum) -> ordered.put(cell(day(cell), sorted.places()[cell.intValue()]), sum));
    int[] cellsPerDay = new int[perDay.length];
    PerformanceTable.Builder table = new PerformanceTable.Builder();
    ordered.forEach(
        (cell, sum) -> {
          cellsPerDay[day(cell)]++;
          table.add(sum);
        });
    return new PerformanceMonth(
        month,
        sorted.models(),
        sorted.providers(),
        sorted.keys(),
        cellsPerDay,
        ordered.keySet().stream().mapToInt(Long::intValue).toArray(),
        table.build());
  }

  private static long cell(int day, int key) {
    return (long) day << Integer.SIZE | key;
  }

  private static int day(long cell) {
    return (int) (cell >>> Integer.SIZE);
  }

  /** How many closes it holds. */
  public long sessions() {
    return Arrays.stream(cells.column(PerformanceAmount.SESSIONS_CLOSED)).sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PerformanceMonth that
        && month.equals(that.month)
        && models.equals(that.models)
        && providers.equals(that.providers)
        && keys.equals(that.keys)
        && Arrays.equals(perDay, that.perDay)
        && Arrays.equals(cellKeys, that.cellKeys)
        && cells.equals(that.cells);
  }

  @Override
  public int hashCode() {
    return month.hashCode() + 31 * Arrays.hashCode(cellKeys);
  }

  @Override
  public String toString() {
    return "PerformanceMonth %s with %d cells".formatted(month, cellKeys.length);
  }
}
