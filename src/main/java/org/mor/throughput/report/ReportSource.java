package org.mor.throughput.report;

import java.util.Map;
import java.util.Optional;
import org.mor.throughput.rollup.PerformanceMonth;
import org.mor.throughput.session.Month;

/**
 * What a report is made of.
 *
 * @param asOfTime ISO 8601
 * @param isOver whether the month was over at asOfTime
 * @param before the month before; empty where there is none
 * @param modelNames by model id
 */
public record ReportSource(
    String network,
    long asOfBlock,
    String asOfTime,
    Month month,
    boolean isOver,
    MonthFigures figures,
    Optional<MonthFigures> before,
    PerformanceMonth cells,
    Map<String, String> modelNames) {
  public ReportSource {
    modelNames = Map.copyOf(modelNames);
  }
}
