package org.mor.throughput.lambda;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Prints a Markdown table of medians, each with the median of its ratios to the first row's. */
final class BenchTable {
  private long @Nullable [][] first;

  BenchTable() {
    System.out.println(
        "| variant | init ms | init CPU ms | first ms | first CPU ms | second ms | peak MB |");
    System.out.println("|---|---|---|---|---|---|---|");
  }

  /** The columns hold one figure a round. */
  void row(String name, long[]... columns) {
    if (first == null) {
      first = columns;
    }
    StringBuilder line = new StringBuilder("| ").append(name);
    for (int i = 0; i < columns.length; i++) {
      line.append(" | ").append(cell(columns[i], first[i]));
    }
    System.out.println(line.append(" |"));
  }

  /** Rounds are paired, so that a machine that is busier for a while spoils both alike. */
  private static String cell(long[] figures, long[] base) {
    double[] ratios =
        IntStream.range(0, figures.length)
            .mapToDouble(i -> (double) figures[i] / Math.max(1, base[i]))
            .toArray();
    return String.format(
        Locale.ROOT,
        "%,d (%.2f)",
        Math.round(median(Arrays.stream(figures).asDoubleStream().toArray())),
        median(ratios));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
