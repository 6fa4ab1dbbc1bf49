package org.mor.throughput.report;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.mor.throughput.rollup.Estimate;
import org.mor.throughput.rollup.Gate;
import org.mor.throughput.rollup.OrderIntervals;
import org.mor.throughput.rollup.Sketch;

/** Decides which figures mean something, and remembers the ones that do not yet. */
final class LeftOut {
  private final Set<String> lines = new LinkedHashSet<>();
  private final OrderIntervals intervals = new OrderIntervals();

  /** The percentile, where there are samples enough for it. */
  Optional<Estimate> estimate(String what, Sketch sketch, Gate gate) {
    Optional<Estimate> estimate = Estimate.of(sketch, gate, intervals);
    if (estimate.isEmpty()) {
      long needs = gate.samples() - sketch.count();
      lines.add("%s: needs %s".formatted(what, counted(needs, "more session")));
    }
    return estimate;
  }

  void add(String line) {
    lines.add(line);
  }

  /** One line each, in order. */
  Set<String> lines() {
    return lines;
  }

  static String counted(long count, String noun) {
    return Text.number(count) + " " + noun + (count == 1 ? "" : "s");
  }
}
