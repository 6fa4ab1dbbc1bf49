package org.mor.throughput.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** What a published number must be: one value, a narrow band, or nothing. */
record Figure(@Nullable BigDecimal low, @Nullable BigDecimal high) {
  static final Figure NOTHING = new Figure(null, null);

  static Figure exactly(BigDecimal value) {
    return new Figure(value, value);
  }

  static Figure exactly(long value) {
    return exactly(BigDecimal.valueOf(value));
  }

  static Figure between(BigDecimal low, BigDecimal high) {
    return new Figure(low, high);
  }

  /** Within one percent, and half a unit of the last decimal place that is published. */
  static Figure nearly(BigDecimal value, int decimals) {
    BigDecimal slack = value.movePointLeft(2).add(BigDecimal.ONE.movePointLeft(decimals)).abs();
    return between(value.subtract(slack), value.add(slack));
  }

  /** sum / count, half-even to so many decimals; nothing where there is no count. */
  static Figure mean(BigDecimal sum, int count, int decimals) {
    return count == 0
        ? NOTHING
        : exactly(sum.divide(BigDecimal.valueOf(count), decimals, RoundingMode.HALF_EVEN));
  }

  boolean agrees(JsonNode published) {
    if (low == null || high == null) {
      return published.isNull();
    }
    return published.isNumber()
        && published.decimalValue().compareTo(low) >= 0
        && published.decimalValue().compareTo(high) <= 0;
  }

  @Override
  public String toString() {
    if (low == null || high == null) {
      return "null";
    }
    return low.compareTo(high) == 0
        ? low.toPlainString()
        : low.toPlainString() + " to " + high.toPlainString();
  }
}
