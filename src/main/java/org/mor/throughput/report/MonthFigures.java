package org.mor.throughput.report;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/** The published metrics of one month, by their names; a null one is absent. */
public record MonthFigures(Map<String, BigDecimal> byName) {
  public MonthFigures {
    byName = Map.copyOf(byName);
  }

  Optional<BigDecimal> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** A figure that is always there; 0 where a document does not have it. */
  BigDecimal sum(String name) {
    return byName.getOrDefault(name, BigDecimal.ZERO);
  }

  /** What receipts state without implausible ones and estimates, as the page counts by default. */
  BigDecimal plausibleTokens() {
    return sum("inputTokens").add(sum("outputTokens")).subtract(sum("tokensFlagged"));
  }
}
