package org.mor.throughput.rollup;

import java.util.Optional;

/**
 * A percentile with its 95 % interval, in the unit of the sketch; each within 1 % of the exact one.
 */
public record Estimate(long value, long low, long high) {
  public Estimate {
    if (low > value || value > high) {
      throw new IllegalArgumentException("%d is not in %d..%d".formatted(value, low, high));
    }
  }

  /** Empty below the gate. */
  public static Optional<Estimate> of(Sketch sketch, Gate gate, OrderIntervals intervals) {
    long samples = sketch.count();
    if (samples < gate.samples()) {
      return Optional.empty();
    }
    return intervals
        .of(gate.percent(), samples)
        .map(
            ranks ->
                new Estimate(
                    sketch.percentile(gate.percent()).orElseThrow(),
                    sketch.atRank(ranks.low()),
                    sketch.atRank(ranks.high())));
  }

  boolean overlaps(Estimate other) {
    return low <= other.high && other.low <= high;
  }
}
