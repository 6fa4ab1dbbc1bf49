package org.mor.throughput.report;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/** A bar a day or another span, drawn without any library. */
final class DailyBars {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 260;
  private static final int LEFT = 64;
  private static final int TOP = 44;
  private static final int BOTTOM = 220;
  private static final int RIGHT = 744;

  private DailyBars() {}

  /**
   * The chart.
   *
   * @param title such as "Tokens a day, May 2026"
   * @param span what a bar is of, such as day
   * @param values one a span, from the first on
   * @param unfinished whether the last one is not over
   */
  static String of(String title, String span, List<BigDecimal> values, boolean unfinished) {
    BigDecimal most = values.stream().reduce(BigDecimal.ZERO, BigDecimal::max);
    BigDecimal top = Axis.top(most);
    StringBuilder svg =
        new StringBuilder(Axis.open(WIDTH, HEIGHT, title, summary(span, values, most)));
    for (int line = 0; line <= 4; line++) {
      double y = BOTTOM - (BOTTOM - TOP) * line / 4.0;
      svg.append(Axis.line(LEFT, y, RIGHT, y, line == 0 ? "#5b6470" : "#d8dde3"));
      BigDecimal value = top.multiply(BigDecimal.valueOf(line)).divide(BigDecimal.valueOf(4));
      svg.append(Axis.text(LEFT - 8, y + 4, "end", Text.compact(value)));
    }
    double step = (RIGHT - LEFT) / (double) Math.max(1, values.size());
    for (int day = 0; day < values.size(); day++) {
      double height =
          (BOTTOM - TOP) * values.get(day).doubleValue() / Math.max(1e-9, top.doubleValue());
      boolean partial = unfinished && day == values.size() - 1;
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%s %d: %s%s</title></rect>%n",
              LEFT + step * day + step * 0.12,
              BOTTOM - height,
              step * 0.76,
              height,
              partial ? "url(#hatch)" : "#1c0d99",
              span.substring(0, 1).toUpperCase(Locale.ROOT) + span.substring(1),
              day + 1,
              Text.number(values.get(day), 0),
              partial ? ", not over yet" : ""));
      if (day == 0 || (day + 1) % 5 == 0) {
        svg.append(Axis.text(LEFT + step * (day + 0.5), BOTTOM + 18, "middle", "" + (day + 1)));
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private static String summary(String span, List<BigDecimal> values, BigDecimal most) {
    BigDecimal sum = values.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    return "%s %ss, %s in all, most on %s %s with %s."
        .formatted(
            values.size(),
            span,
            Text.number(sum, 0),
            span,
            values.indexOf(most) + 1,
            Text.number(most, 0));
  }
}
