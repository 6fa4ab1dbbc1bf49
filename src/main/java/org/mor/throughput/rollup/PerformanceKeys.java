package org.mor.throughput.rollup;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;

/**
 * Keys in the order of publication, speaking of sorted lists instead of a directory.
 *
 * @param places for the n-th key of before, its place in {@code keys}
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record PerformanceKeys(
    List<Hash32> models, List<Address> providers, List<PerformanceKey> keys, int[] places) {

  static PerformanceKeys of(Map<PerformanceKey, Integer> numbered, Directory directory) {
    Ranks<Hash32> models = new Ranks<>(directory.models().values());
    Ranks<Address> providers = new Ranks<>(directory.providers().values());
    SortedMap<PerformanceKey, Integer> sorted = new TreeMap<>();
    numbered.forEach(
        (key, number) ->
            sorted.put(
                new PerformanceKey(
                    models.rank(key.model()),
                    providers.rank(key.provider()),
                    key.input(),
                    key.output()),
                number));
    int[] places = new int[numbered.size()];
    int place = 0;
    for (int number : sorted.values()) {
      places[number] = place++;
    }
    return new PerformanceKeys(
        models.sorted(), providers.sorted(), List.copyOf(sorted.keySet()), places);
  }

  /** The values of a directory in their own order. */
  private record Ranks<T extends Comparable<T>>(List<T> numbered, List<T> sorted) {
    Ranks(List<T> numbered) {
      this(numbered, numbered.stream().sorted().toList());
    }

    int rank(int number) {
      return number == Names.NONE
          ? Names.NONE
          : Collections.binarySearch(sorted, numbered.get(number));
    }
  }
}
