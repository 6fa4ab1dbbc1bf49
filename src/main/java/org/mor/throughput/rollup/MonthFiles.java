package org.mor.throughput.rollup;

import java.util.Optional;

/**
 * Keeps the cells of months that are over, each under a name made of its content, so that what is
 * kept never changes. Used by several threads.
 */
public interface MonthFiles {
  /** Keeps a month unless it is kept already; empty where nothing is kept at all. */
  Optional<MonthFile> keep(PerformanceMonth month);

  /** Whether the file is there. */
  boolean has(MonthFile file);

  /** Keeps nothing. */
  static MonthFiles none() {
    return new MonthFiles() {
      @Override
      public Optional<MonthFile> keep(PerformanceMonth month) {
        return Optional.empty();
      }

      @Override
      public boolean has(MonthFile file) {
        return false;
      }
    };
  }
}
