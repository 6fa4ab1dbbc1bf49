package org.mor.throughput.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.rollup.Estimate;
import org.mor.throughput.rollup.Gate;
import org.mor.throughput.rollup.OrderIntervals;
import org.mor.throughput.rollup.Sketch;

/** Decides which figures mean something, and remembers the ones that do not yet. */
final class LeftOut {
  private final Map<String, List<String>> missing = new LinkedHashMap<>();
  private final OrderIntervals intervals = new OrderIntervals();

  /** The percentile, where there are samples enough for it. */
  Optional<Estimate> estimate(String who, String what, Sketch sketch, Gate gate) {
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
}
