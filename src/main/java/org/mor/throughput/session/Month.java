package org.mor.throughput.session;

import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/**
 * A calendar month in UTC, written {@code 2026-05}: the one rule that puts a time into a partition.
 */
public record Month(YearMonth value) implements Comparable<Month>, Serializable {
  private static final Pattern FORM = Pattern.compile("\\d{4}-\\d{2}");

  /** The month of a time in Unix seconds. */
  public static Month of(long unixSeconds) {
    return new Month(YearMonth.from(Instant.ofEpochSecond(unixSeconds).atOffset(ZoneOffset.UTC)));
  }

  /**
   * Reads {@code YYYY-MM}.
   *
   * @throws IllegalArgumentException when it is anything else, such as {@code 2026-13}
   */
  public static Month parse(String text) {
    if (FORM.matcher(text).matches()) {
      try {
        return new Month(YearMonth.parse(text));
      } catch (DateTimeException e) {
        throw new IllegalArgumentException("Not a month (YYYY-MM): " + text, e);
      }
    }
    throw new IllegalArgumentException("Not a month (YYYY-MM): " + text);
  }

  public Month next() {
    return new Month(value.plusMonths(1));
  }

  /** The first second of the month. */
  public long firstSecond() {
    return value.atDay(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
  }

  @Override
  public int compareTo(Month other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
