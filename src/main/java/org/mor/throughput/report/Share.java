package org.mor.throughput.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.mor.throughput.rollup.PerformanceAmount;
import org.mor.throughput.rollup.PerformanceKey;
import org.mor.throughput.rollup.PerformanceMonth;
import org.mor.throughput.rollup.PerformanceSum;

/** The sessions of a month that have one thing in common, -1 for what is not known. */
record Share(int place, PerformanceSum sum) {
  long sessions() {
    return sum.at(PerformanceAmount.SESSIONS_CLOSED);
  }

  /** Tokens in thousandths: with estimates, without implausible ones. */
  long milliTokens() {
    long receipts =
        sum.at(PerformanceAmount.INPUT_TOKENS)
            + sum.at(PerformanceAmount.OUTPUT_TOKENS)
            - sum.at(PerformanceAmount.TOKENS_FLAGGED);
    return receipts * 1000 + sum.at(PerformanceAmount.LEGACY_MILLI_TOKENS);
  }

  /** Most tokens first, then most sessions, then by place. */
  static List<Share> by(PerformanceMonth cells, ToIntFunction<PerformanceKey> part) {
    List<Share> shares = new ArrayList<>();
    sums(cells, part).forEach((place, sum) -> shares.add(new Share(place, sum)));
    shares.sort(
        Comparator.comparingLong(Share::milliTokens)
            .thenComparingLong(Share::sessions)
            .reversed()
            .thenComparingInt(Share::place));
    return shares;
  }

  static Map<Integer, PerformanceSum> sums(
      PerformanceMonth cells, ToIntFunction<PerformanceKey> part) {
    Map<Integer, PerformanceSum> sums = new HashMap<>();
    cells.addTo(
        (day, key) ->
            sums.computeIfAbsent(
                part.applyAsInt(cells.keys().get(key)), place -> new PerformanceSum()));
    return sums;
  }

  /** One a day, from the first of the month on. */
  static List<Share> byDay(PerformanceMonth cells) {
    List<Share> days = new ArrayList<>();
    for (int day = 0; day < cells.perDay().length; day++) {
      days.add(new Share(day, new PerformanceSum()));
    }
    cells.addTo((day, key) -> days.get(day).sum());
    return days;
  }
}
