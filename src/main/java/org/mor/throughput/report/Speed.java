package org.mor.throughput.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.mor.throughput.report.ReportSourceCodec.ReportSource;
import org.mor.throughput.rollup.Estimate;
import org.mor.throughput.rollup.Gate;
import org.mor.throughput.rollup.Minimum;
import org.mor.throughput.rollup.OrderIntervals;
import org.mor.throughput.rollup.PerformanceKey;
import org.mor.throughput.rollup.Sketch;

/**
 * Percentiles as cells of tables, and providers side by side; remembers which figures rest on too
 * few samples to be shown.
 */
final class Speed {
  private static final int MOST_ROWS = 12;

  private final Map<String, List<String>> missing = new LinkedHashMap<>();
  private final OrderIntervals intervals = new OrderIntervals();

  private Optional<Estimate> estimate(String who, String what, Sketch sketch, Gate gate) {
    Optional<Estimate> estimate = Estimate.of(sketch, gate, intervals);
    if (estimate.isEmpty()) {
      long needs = gate.samples() - sketch.count();
      missing
          .computeIfAbsent(who, w -> new ArrayList<>())
          .add("%s needs %s".formatted(what, counted(needs, "more session")));
    }
    return estimate;
  }

  /** One line for each of whom something is left out, in order. */
  List<String> lines() {
    return missing.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + String.join(", ", entry.getValue()))
        .toList();
  }

  static String counted(long count, String noun) {
    return Text.number(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /** The value with its interval, or a dash where it is left out. */
  String cell(String who, String what, Sketch sketch, Gate gate, int decimals) {
    return estimate(who, what, sketch, gate)
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
  Optional<String> chart(ReportSource source, IntFunction<String> label, String title) {
    List<Whiskers.Row> rows = new ArrayList<>();
    for (Share share : Share.by(source.cells(), PerformanceKey::provider)) {
      Optional<Estimate> estimate = Estimate.of(share.sum().ttft(), Gate.P50, intervals);
      if (share.place() >= 0 && estimate.isPresent() && rows.size() < MOST_ROWS) {
        rows.add(new Whiskers.Row(label.apply(share.place()), estimate.get()));
      }
    }
    return rows.size() < Minimum.PROVIDERS.count()
        ? Optional.empty()
        : Optional.of(
            Whiskers.of("Median time to first token by provider, " + title, rows, 3, "s"));
  }
}
