package org.mor.throughput.rollup;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Directory.Order;

/**
 * What the sessions of one cell have in common, as places in lists: of models, providers and size
 * classes; -1 for one that is not known.
 */
public record PerformanceKey(int model, int provider, int input, int output)
    implements Comparable<PerformanceKey>, Serializable {
  private static final int MIX = 0x9e3779b9;
  private static final Comparator<PerformanceKey> ORDER =
      Comparator.comparingInt(PerformanceKey::model)
          .thenComparingInt(PerformanceKey::provider)
          .thenComparingInt(PerformanceKey::input)
          .thenComparingInt(PerformanceKey::output);

  public PerformanceKey {
    boolean sized = input >= 0 && input < 3 && output >= 0 && output < 3;
    boolean unsized = input == SizeScale.UNKNOWN && output == SizeScale.UNKNOWN;
    if (model < -1 || provider < -1 || !(sized || unsized)) {
      throw new IllegalArgumentException(
          "No such cell: model %d, provider %d, input class %d, output class %d"
              .formatted(model, provider, input, output));
    }
  }

  @Override
  public int compareTo(PerformanceKey other) {
    return ORDER.compare(this, other);
  }

  /** By hand, as a map asks it for every row: what a record comes with goes through handles. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PerformanceKey key
        && model == key.model
        && provider == key.provider
        && input == key.input
        && output == key.output;
  }

  /** Spreads neighbours, which the usual sum of small numbers would put into one place. */
  @Override
  public int hashCode() {
    int hash = (model * MIX + provider) * MIX + 4 * input + output;
    return hash ^ hash >>> 15;
  }

  /**
   * Keys in the order of publication, speaking of sorted lists instead of a directory.
   *
   * @param places for the n-th key of before, its place in {@code keys}
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Sorted(
      List<Hash32> models, List<Address> providers, List<PerformanceKey> keys, int[] places) {
    /** Of keys that speak of the numbers of a directory, each with its own number, from 0 on. */
    static Sorted of(Map<PerformanceKey, Integer> numbered, Directory directory) {
      Order<Hash32> models = Order.of(directory.models(), number -> true);
      Order<Address> providers = Order.of(directory.providers(), number -> true);
      SortedMap<PerformanceKey, Integer> sorted = new TreeMap<>();
      numbered.forEach(
          (key, number) ->
              sorted.put(
                  new PerformanceKey(
                      models.place(key.model()),
                      providers.place(key.provider()),
                      key.input(),
                      key.output()),
                  number));
      int[] places = new int[numbered.size()];
      int place = 0;
      for (int number : sorted.values()) {
        places[number] = place++;
      }
      return new Sorted(models.sorted(), providers.sorted(), List.copyOf(sorted.keySet()), places);
    }
  }
}
