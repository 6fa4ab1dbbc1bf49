package org.mor.throughput.rollup;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;

/**
 * Keeps the partials of months that lie entirely behind the recent windows. A partial is right only
 * for the fingerprint of its rules and for the rows it was made of: an implementation also keys by
 * the versions of the month's partitions. Used by several threads.
 */
public interface PartialCache {
  /** Stands before the generation in a fingerprint. */
  String GENERATION = " generation ";

  Optional<MonthPartial> find(Month month, String fingerprint);

  void put(MonthPartial partial, String fingerprint);

  /** What partials of a store are made by: the rules, and the rewinds that came before. */
  static String fingerprint(MetricRules rules, int generation) {
    String text = Methodology.fingerprint(rules);
    return generation == 0 ? text : text + GENERATION + generation;
  }

  /** The generation that a partial was made in, by a text that holds its fingerprint. */
  static int generation(String text) {
    Matcher matcher = Pattern.compile(GENERATION + "(\\d{1,9})").matcher(text);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

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
