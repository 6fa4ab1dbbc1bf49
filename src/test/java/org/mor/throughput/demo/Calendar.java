package org.mor.throughput.demo;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** The names of UTC buckets, worked out hour by hour. */
enum Calendar {
  HOURLY {
    @Override
    String label(long time) {
      return date(time).withMinute(0).withSecond(0).toInstant(ZoneOffset.UTC).toString();
    }
  },
  DAILY {
    @Override
    String label(long time) {
      return date(time).toLocalDate().toString();
    }
  },
  WEEKLY {
    @Override
    String label(long time) {
      LocalDate day = date(time).toLocalDate();
      return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).toString();
    }
  },
  MONTHLY {
    @Override
    String label(long time) {
      return date(time).toLocalDate().toString().substring(0, 7);
    }
  };

  private static final long HOUR = 3_600;

  /** The bucket a time in Unix seconds falls into. */
  abstract String label(long time);

  /** The buckets from one time to another, none left out, oldest first. */
  List<String> labels(long from, long to) {
    LinkedHashSet<String> labels = new LinkedHashSet<>();
    for (long hour = from - from % HOUR; hour <= to; hour += HOUR) {
      labels.add(label(hour));
    }
    return new ArrayList<>(labels);
  }

  private static LocalDateTime date(long time) {
    return LocalDateTime.ofInstant(Instant.ofEpochSecond(time), ZoneOffset.UTC);
  }
}
