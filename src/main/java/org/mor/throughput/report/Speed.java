package org.mor.throughput.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.mor.throughput.rollup.Estimate;
import org.mor.throughput.rollup.Gate;
import org.mor.throughput.rollup.OrderIntervals;
import org.mor.throughput.rollup.PerformanceKey;
import org.mor.throughput.rollup.Sketch;

/** Percentiles as cells of tables, and providers side by side. */
final class Speed {
  private static final int MOST_ROWS = 12;
  private static final int FEWEST_ROWS = 2;

  private Speed() {}

  /** The value with its interval, or a dash where it is left out. */
  static String cell(
      LeftOut leftOut, String who, String what, Sketch sketch, Gate gate, int decimals) {
    return leftOut
        .estimate(who, what, sketch, gate)
        .map(
            estimate ->
                "%s (%s to %s)"
                    .formatted(
                        number(estimate.value(), decimals),
                        number(estimate.low(), decimals),
                        number(estimate.high(), decimals)))
        .orElse("-");
  }

  private static String number(long value, int decimals) {
    return Text.number(BigDecimal.valueOf(value, decimals), decimals == 0 ? 0 : 1);
  }

  /** The medians of the providers with most tokens; empty with fewer than two of them. */
  static Optional<String> chart(ReportSource source, IntFunction<String> label, String title) {
    OrderIntervals intervals = new OrderIntervals();
    List<Whiskers.Row> rows = new ArrayList<>();
    for (Share share : Share.by(source.cells(), PerformanceKey::provider)) {
      Optional<Estimate> estimate = Estimate.of(share.sum().ttft(), Gate.P50, intervals);
      if (share.place() >= 0 && estimate.isPresent() && rows.size() < MOST_ROWS) {
        rows.add(new Whiskers.Row(label.apply(share.place()), estimate.get()));
      }
    }
    return rows.size() < FEWEST_ROWS
        ? Optional.empty()
        : Optional.of(
            Whiskers.of("Median time to first token by provider, " + title, rows, 3, "s"));
  }
}
