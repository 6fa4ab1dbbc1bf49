package org.mor.throughput.rollup;

import java.util.Arrays;

/** Writes sums into the columns of a table, row after row. */
final class PerformanceTableBuilder {
  private final long[][] amounts = new long[PerformanceAmount.values().length][64];
  private final IntList tps = new IntList();
  private final IntList ttft = new IntList();
  private int rows;

  void add(PerformanceSum sum) {
    if (rows == amounts[0].length) {
      Arrays.setAll(amounts, i -> Arrays.copyOf(amounts[i], 2 * rows));
    }
    sum.copyTo(amounts, rows);
    SketchCodes.append(tps, sum.tps());
    SketchCodes.append(ttft, sum.ttft());
    rows++;
  }

  PerformanceTable build() {
    Arrays.setAll(amounts, i -> Arrays.copyOf(amounts[i], rows));
    return new PerformanceTable(amounts, tps.toArray(), ttft.toArray());
  }
}
