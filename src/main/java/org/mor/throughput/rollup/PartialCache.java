package org.mor.throughput.rollup;

import java.util.Optional;
import org.mor.throughput.session.Month;

/**
 * Keeps the partials of months that lie entirely behind the recent windows. A partial is right only
 * for the fingerprint of its rules and for the rows it was made of: an implementation also keys by
 * the versions of the month's partitions. Used by several threads.
 */
public interface PartialCache {
  Optional<MonthPartial> find(Month month, String fingerprint);

  void put(MonthPartial partial, String fingerprint);

  /** Keeps nothing: every month is read again. */
  static PartialCache none() {
    return new PartialCache() {
      @Override
      public Optional<MonthPartial> find(Month month, String fingerprint) {
        return Optional.empty();
      }

      @Override
      public void put(MonthPartial partial, String fingerprint) {
        // Nothing is kept.
      }
    };
  }
}
