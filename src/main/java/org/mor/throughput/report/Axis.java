package org.mor.throughput.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** The parts that charts share. Plain SVG on its own white ground: it reads in dark pages too. */
final class Axis {
  private static final int[] STEPS = {1, 2, 4, 5, 6, 8, 10, 12};
  private static final BigDecimal FOUR = BigDecimal.valueOf(4);

  private Axis() {}

  static String open(int width, int height, String title, String summary) {
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img" aria-labelledby="t d" font-family="system-ui, sans-serif" font-size="12">
        <title id="t">%s</title>
        <desc id="d">%s</desc>
        <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#ffffff"/><rect width="3" height="6" fill="#1c0d99"/></pattern></defs>
        <rect width="%s" height="%s" fill="#ffffff"/>
        <text x="16" y="24" font-size="15" font-weight="600" fill="#14181d">%s</text>
        """
        .formatted(
            width,
            height,
            width,
            height,
            Text.svg(title),
            Text.svg(summary),
            width,
            height,
            Text.svg(title));
  }

  static String line(double x1, double y1, double x2, double y2, String colour) {
    return String.format(
        Locale.ROOT,
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
        x1,
        y1,
        x2,
        y2,
        colour);
  }

  static String text(double x, double y, String anchor, String text) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#3b434d\">%s</text>%n",
        x,
        y,
        anchor,
        Text.svg(text));
  }

  /**
   * The least of a few round numbers that a value does not exceed and whose quarters are whole:
   * what stands at a grid line is then exactly its value.
   */
  static BigDecimal top(BigDecimal most) {
    BigDecimal whole = most.setScale(0, RoundingMode.CEILING).max(BigDecimal.ONE);
    BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen(whole.precision() - 1);
    for (int step : STEPS) {
      BigDecimal top = power.multiply(BigDecimal.valueOf(step));
      if (top.compareTo(most) >= 0 && top.remainder(FOUR).signum() == 0) {
        return top;
      }
    }
    throw new IllegalStateException("No step holds " + most);
  }
}
