package org.mor.throughput.base;

/** Waits between the tries of one thing; tests have one that does not wait. */
@FunctionalInterface
public interface Patience {
  /** Waits after the {@code failures}-th failed try in a row, from 1 on. */
  void await(int failures);

  /** Tries again at once. */
  static Patience none() {
    return failures -> {};
  }
}
