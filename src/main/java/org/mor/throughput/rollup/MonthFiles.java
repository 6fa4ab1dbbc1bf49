package org.mor.throughput.rollup;

import java.io.Serializable;
import java.util.Optional;
import org.mor.throughput.session.Month;

/**
 * Keeps the cells of months that are over, each under a name made of its content, so that what is
 * kept never changes. Used by several threads.
 */
public interface MonthFiles {
  /**
   * Where the cells of a month that is over are kept.
   *
   * @param key below the store's prefix
   * @param sha256 of the content, in hex
   * @param bytes of the content
   * @param firstDay the first second of the first day with a close; lastDay of the last one
   * @param sessions closes of the month
   */
  record MonthFile(
      Month month,
      String key,
      String sha256,
      long bytes,
      long firstDay,
      long lastDay,
      long sessions)
      implements Serializable {
    public MonthFile {
      if (key.isEmpty()
          || sha256.length() != 64
          || bytes < 1
          || sessions < 1
          || firstDay > lastDay) {
        throw new IllegalArgumentException(
            "No month's file: %s %s of %s, %d bytes, %d sessions, days %d to %d"
                .formatted(month, key, sha256, bytes, sessions, firstDay, lastDay));
      }
    }
  }

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
