package org.mor.throughput.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers and names as a report shows them; names come from the chain, so from anybody. */
final class Text {
  private static final int LONGEST_NAME = 40;
  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

  private Text() {}

  /** With separators, and at most {@code decimals} decimals. */
  static String number(BigDecimal value, int decimals) {
    BigDecimal rounded = value.setScale(decimals, RoundingMode.HALF_EVEN).stripTrailingZeros();
    return String.format(Locale.ROOT, "%,." + Math.max(0, rounded.scale()) + "f", rounded);
  }

  static String number(long value) {
    return number(BigDecimal.valueOf(value), 0);
  }

  /** Three digits and a word's first letter: 1.23 M. */
  static String compact(BigDecimal value) {
    String[] units = {"", " k", " M", " B", " T"};
    BigDecimal left = value;
    int unit = 0;
    while (left.abs().compareTo(THOUSAND) >= 0 && unit < units.length - 1) {
      left = left.divide(THOUSAND);
      unit++;
    }
    int whole = left.abs().toBigInteger().toString().length();
    return number(left, unit == 0 ? 0 : Math.max(0, 3 - whole)) + units[unit];
  }

  /** {@code part} of {@code whole} in percent; a dash of nothing. */
  static String percent(BigDecimal part, BigDecimal whole) {
    return whole.signum() == 0
        ? "-"
        : number(part.movePointRight(2).divide(whole, 4, RoundingMode.HALF_EVEN), 1) + " %";
  }

  /** A name that nobody can make into markup, a link or a mention: as code. */
  static String name(String name) {
    String plain = shortened(name).replace('`', '\'').replace("|", "\\|");
    return plain.isBlank() ? "*unnamed*" : "`" + plain + "`";
  }

  /** Text inside an SVG. */
  static String svg(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** The first and last digits of an id. */
  static String shortId(String id) {
    return id.length() < 14 ? id : id.substring(0, 6) + "..." + id.substring(id.length() - 4);
  }

  private static String shortened(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", " ").strip();
    return line.codePointCount(0, line.length()) <= LONGEST_NAME
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST_NAME)) + "...";
  }
}
