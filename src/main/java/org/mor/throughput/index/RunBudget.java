package org.mor.throughput.index;

/** Says whether there is time to start another range. */
public interface RunBudget {
  boolean allowsAnotherRange();

  /** No limit. */
  static RunBudget unlimited() {
    return () -> true;
  }
}
