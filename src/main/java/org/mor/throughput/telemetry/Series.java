package org.mor.throughput.telemetry;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Requests of one route and outcome, added up. Not safe for use by several threads. */
final class Series {
  /** A minute: what takes longer counts as that long. */
  private static final long MOST_MICROS = 60_000_000;

  /** Upper bounds of Prometheus' buckets, in microseconds. */
  static final long[] BOUNDS = {
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    10_000_000
  };

  /** What requests are counted apart by. */
  record Key(String route, String outcome) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byRoute = route.compareTo(other.route);
      return byRoute != 0 ? byRoute : outcome.compareTo(other.outcome);
    }
  }

  /** Requests of one hour, route and outcome; the hour in Unix milliseconds. */
  record Hour(long hour, Key key) {}

  /** What is written at once: requests as rows, sums, and the visitors' hashes of a day. */
  record Batch(
      List<Object[]> rows, Map<Hour, Series> hours, long day, Map<Long, Integer> visitors) {}

  long count;
  long micros;
  long bytes;
  final long[] buckets = new long[BOUNDS.length];
  final Histogram histogram;

  Series() {
    this(empty());
  }

  Series(Histogram histogram) {
    this.histogram = histogram;
  }

  /** Keeps durations to one per cent. */
  static Histogram empty() {
    Histogram histogram = new Histogram(MOST_MICROS, 2);
    histogram.setAutoResize(false);
    return histogram;
  }

  void add(Asked asked) {
    count++;
    micros += asked.micros();
    bytes += asked.bytes();
    histogram.recordValue(Math.min(MOST_MICROS, Math.max(0, asked.micros())));
    for (int i = BOUNDS.length - 1; i >= 0 && asked.micros() <= BOUNDS[i]; i--) {
      buckets[i]++;
    }
  }
}
