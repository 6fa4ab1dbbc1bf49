package org.mor.throughput.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A fair sample of items that come by once, of which nobody knows how many there will be. */
final class Reservoir<T> {
  private final RandomGenerator random;
  private final int size;
  private final List<T> chosen = new ArrayList<>();
  private long seen;

  Reservoir(RandomGenerator random, int size) {
    this.random = random;
    this.size = size;
  }

  void offer(T item) {
    seen++;
    if (chosen.size() < size) {
      chosen.add(item);
      return;
    }
    long place = random.nextLong(seen);
    if (place < size) {
      chosen.set((int) place, item);
    }
  }

  /** The sample, and how many items it was drawn from. */
  List<T> chosen() {
    return List.copyOf(chosen);
  }

  long seen() {
    return seen;
  }
}
