package org.mor.throughput.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.rollup.Estimate;
import org.mor.throughput.rollup.Gate;
import org.mor.throughput.rollup.OrderIntervals;
import org.mor.throughput.rollup.PerformanceAmount;
import org.mor.throughput.rollup.PerformanceSum;
import org.mor.throughput.rollup.Sketch;

/** Writes sums as the fields that documents have, and percentiles behind their gates. */
record SumJson(List<Gate> percentiles, OrderIntervals intervals) {
  private static final int TPS_DECIMALS = 3;

  void writeAmounts(ObjectNode json, PerformanceSum sum) {
    for (PerformanceAmount amount : PerformanceAmount.values()) {
      switch (amount) {
        case LEGACY_MILLI_TOKENS -> json.put("tokensLegacyEst", thousandths(sum.at(amount)));
        case DISPUTED_MILLI_TOKENS -> json.put("tokensDisputed", thousandths(sum.at(amount)));
        default -> json.put(amount.field(), sum.at(amount));
      }
    }
    long receipts =
        sum.at(PerformanceAmount.INPUT_TOKENS) + sum.at(PerformanceAmount.OUTPUT_TOKENS);
    json.put(
        "tokens",
        plain(
            BigDecimal.valueOf(receipts)
                .add(BigDecimal.valueOf(sum.at(PerformanceAmount.LEGACY_MILLI_TOKENS), 3))));
  }

  void writePercentiles(ObjectNode json, PerformanceSum sum) {
    for (Gate gate : percentiles) {
      ObjectNode percentile = json.putObject("p" + gate.percent());
      write(percentile, "tps", sum.tps(), TPS_DECIMALS, gate);
      write(percentile, "ttftMs", sum.ttft(), 0, gate);
    }
  }

  private void write(ObjectNode json, String name, Sketch sketch, int decimals, Gate gate) {
    Optional<Estimate> estimate = Estimate.of(sketch, gate, intervals);
    json.put(name, estimate.map(e -> decimal(e.value(), decimals)).orElse(null));
    json.put(name + "Low", estimate.map(e -> decimal(e.low(), decimals)).orElse(null));
    json.put(name + "High", estimate.map(e -> decimal(e.high(), decimals)).orElse(null));
    json.put(name + "NeedsSamples", Math.max(0, gate.samples() - sketch.count()));
  }

  private static BigDecimal thousandths(long value) {
    return decimal(value, 3);
  }

  private static BigDecimal decimal(long value, int decimals) {
    return plain(BigDecimal.valueOf(value, decimals));
  }

  /** Without trailing zeros, and never with an exponent. */
  private static BigDecimal plain(BigDecimal value) {
    BigDecimal shortest = value.stripTrailingZeros();
    return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
  }
}
