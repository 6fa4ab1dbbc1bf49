package org.mor.throughput.telemetry;

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

  /** What requests are counted apart by; the hour in Unix milliseconds, 0 for all of them. */
  record Group(long hour, String route, String outcome) {}

  long count;
  long micros;
  long bytes;
  final long[] buckets = new long[BOUNDS.length];
  final Histogram histogram = empty();

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
