package org.mor.throughput.index;

/** Says what there is still time for. */
@FunctionalInterface
public interface RunBudget {
  boolean allowsAnotherRange();

  /** Whether there is time to store what was read; asked where no more can be read. */
  default boolean allowsCommit() {
    return allowsAnotherRange();
  }

  /** Whether there is time to compute and publish the documents. */
  default boolean allowsPublishing() {
    return true;
  }

  /** No limit. */
  static RunBudget unlimited() {
    return () -> true;
  }
}
