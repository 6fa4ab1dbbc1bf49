package org.mor.throughput.report;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.mor.throughput.rollup.Estimate;

/** Medians with their intervals, a row each, so that the eye sees which ones overlap. */
final class Whiskers {
  private static final int WIDTH = 760;
  private static final int LEFT = 250;
  private static final int RIGHT = 690;
  private static final int TOP = 48;
  private static final int ROW = 26;

  /** One row: who, and what was measured of it. */
  record Row(String label, Estimate estimate) {}

  private Whiskers() {}

  static String of(String title, List<Row> rows, int decimals, String unit) {
    int height = TOP + ROW * rows.size() + 36;
    BigDecimal most =
        rows.stream()
            .map(row -> BigDecimal.valueOf(row.estimate().high(), decimals))
            .reduce(BigDecimal.ZERO, BigDecimal::max);
    // Labels have one decimal, so a quarter is a whole number of tenths.
    BigDecimal top = Axis.top(most.movePointRight(1)).movePointLeft(1);
    StringBuilder svg =
        new StringBuilder(
            Axis.open(
                WIDTH,
                height,
                title,
                "%s rows; the values are in the table.".formatted(rows.size())));
    double bottom = TOP + ROW * rows.size();
    for (int line = 0; line <= 4; line++) {
      double x = LEFT + (RIGHT - LEFT) * line / 4.0;
      svg.append(Axis.line(x, TOP - 6, x, bottom, line == 0 ? "#5b6470" : "#d8dde3"));
      BigDecimal value = top.multiply(BigDecimal.valueOf(line)).divide(BigDecimal.valueOf(4));
      svg.append(
          Axis.text(
              x, bottom + 18, "middle", Text.number(value, 1) + (line == 4 ? " " + unit : "")));
    }
    for (int i = 0; i < rows.size(); i++) {
      Estimate estimate = rows.get(i).estimate();
      double y = TOP + ROW * (i + 0.5);
      svg.append(Axis.text(LEFT - 10, y + 4, "end", rows.get(i).label()));
      svg.append(
          Axis.line(
              x(estimate.low(), decimals, top),
              y,
              x(estimate.high(), decimals, top),
              y,
              "#1c0d99"));
      svg.append(
          String.format(
              Locale.ROOT,
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#1c0d99\"/>%n",
              x(estimate.value(), decimals, top),
              y));
    }
    return svg.append("</svg>\n").toString();
  }

  private static double x(long value, int decimals, BigDecimal top) {
    return LEFT
        + (RIGHT - LEFT) * BigDecimal.valueOf(value, decimals).doubleValue() / top.doubleValue();
  }
}
