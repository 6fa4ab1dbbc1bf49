package org.mor.throughput.rollup;

import java.math.BigDecimal;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Nearest-rank percentiles within 1 % of the exact ones; all null without a sample. */
public record Percentiles(
    @Nullable BigDecimal p50, @Nullable BigDecimal p95, @Nullable BigDecimal p99) {
  /** Those of a sketch that counts units of 10^-{@code decimals}. */
  static Percentiles of(Sketch sketch, int decimals) {
    return new Percentiles(
        value(sketch, 50, decimals), value(sketch, 95, decimals), value(sketch, 99, decimals));
  }

  private static @Nullable BigDecimal value(Sketch sketch, int percent, int decimals) {
    OptionalLong value = sketch.percentile(percent);
    return value.isPresent() ? BigDecimal.valueOf(value.getAsLong(), decimals) : null;
  }
}
