package org.mor.throughput.rollup;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
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
    PerformanceTable cells) {
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
