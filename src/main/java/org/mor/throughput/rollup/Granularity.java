package org.mor.throughput.rollup;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import org.mor.throughput.session.Month;

/** The sizes of time bucket, all in UTC; a bucket is named by its first second. */
public enum Granularity {
  HOUR,
  DAY,
  /** From Monday, as ISO 8601 has it. */
  WEEK,
  MONTH;

  private static final DateTimeFormatter HOUR_LABEL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT);
  private static final long HOUR_SECONDS = 3600;
  private static final long DAY_SECONDS = 86400;

  /** The first second of the bucket that a time in Unix seconds falls into. */
  public long start(long time) {
    return switch (this) {
      case HOUR -> Math.floorDiv(time, HOUR_SECONDS) * HOUR_SECONDS;
      case DAY -> Math.floorDiv(time, DAY_SECONDS) * DAY_SECONDS;
      case WEEK -> second(day(time).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
      case MONTH -> Month.of(time).firstSecond();
    };
  }

  /** The first second of the bucket {@code count} after the one that starts at {@code start}. */
  public long plus(long start, long count) {
    return switch (this) {
      case HOUR -> start + count * HOUR_SECONDS;
      case DAY -> start + count * DAY_SECONDS;
      case WEEK -> start + count * 7 * DAY_SECONDS;
      case MONTH -> second(YearMonth.from(day(start)).plusMonths(count).atDay(1));
    };
  }

  /**
   * The published name: {@code 2026-04-21T13:00:00Z}, {@code 2026-04-21}, {@code 2026-04-20} (the
   * Monday) or {@code 2026-04}.
   */
  public String label(long start) {
    return switch (this) {
      case HOUR -> HOUR_LABEL.format(Instant.ofEpochSecond(start).atOffset(ZoneOffset.UTC));
      case DAY, WEEK -> day(start).toString();
      case MONTH -> Month.of(start).toString();
    };
  }

  private static LocalDate day(long time) {
    return LocalDate.ofEpochDay(Math.floorDiv(time, DAY_SECONDS));
  }

  private static long second(LocalDate day) {
    return day.toEpochDay() * DAY_SECONDS;
  }
}
