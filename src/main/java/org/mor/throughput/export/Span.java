package org.mor.throughput.export;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.mor.throughput.session.Month;

/**
 * Which rows are wanted, by the block time of their event.
 *
 * @param from Unix seconds, included
 * @param until Unix seconds, not included
 */
public record Span(long from, long until) {
  public static final Span ALL = new Span(0, Long.MAX_VALUE);

  public Span {
    if (from < 0 || until < from) {
      throw new IllegalArgumentException("Not a span of time: %d to %d".formatted(from, until));
    }
  }

  public static Span of(Month month) {
    return new Span(month.firstSecond(), month.next().firstSecond());
  }

  /** This span from a UTC day on. */
  public Span since(LocalDate day) {
    return new Span(second(day), until);
  }

  /** This span up to a UTC day, the whole of it included. */
  public Span through(LocalDate day) {
    return new Span(from, second(day.plusDays(1)));
  }

  private static long second(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
  }

  /** The days it covers, such as {@code 2026-05-01-to-2026-05-31}; for names of files. */
  @Override
  public String toString() {
    if (equals(ALL)) {
      return "all";
    }
    String first = from == 0 ? "start" : day(from);
    return first + "-to-" + (until == Long.MAX_VALUE ? "now" : day(until - 1));
  }

  private static String day(long unixSeconds) {
    return Instant.ofEpochSecond(unixSeconds).atOffset(ZoneOffset.UTC).toLocalDate().toString();
  }

  boolean contains(long unixSeconds) {
    return from <= unixSeconds && unixSeconds < until;
  }

  /** Whether some second of a month is in it. */
  public boolean touches(Month month) {
    return month.firstSecond() < until && from < month.next().firstSecond();
  }
}
