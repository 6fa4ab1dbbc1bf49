package org.mor.throughput.rollup;

import java.io.Serializable;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.OpenRow.OpenFacts;

/**
 * All figures of one chain state. Series are oldest first and dense; breakdowns have most tokens
 * first, ties by id.
 *
 * @param hourly the 336 hours that end with asOf's
 * @param hourlyVolumes the same hours by model and provider
 * @param daily the 365 days that end with asOf's, from the first day with data on
 * @param weekly from the first week with data on; so is monthly
 * @param modelNames the name of each model of byModel in its newest close, as it stands in the row
 * @param performance speed and volume by model, provider and size of session
 * @param recommendations the best-measured providers, or why there is none; by model, measure,
 *     class
 * @param closes when the first and the last close were
 * @param unclosedOpens opens without a close up to asOf, by time, then by id
 */
public record Rollup(
    AsOf asOf,
    Windows windows,
    List<Bucket> hourly,
    HourlyVolumes hourlyVolumes,
    List<Bucket> daily,
    List<Bucket> weekly,
    List<Bucket> monthly,
    List<Breakdown<Hash32>> byModel,
    List<Breakdown<Address>> byProvider,
    Map<Hash32, String> modelNames,
    Performance performance,
    List<Recommendation> recommendations,
    CloseSpan closes,
    List<OpenFacts> unclosedOpens) {
  /** The figures of all time and of the windows (asOf - d, asOf]. */
  public record Windows(Metrics allTime, Metrics last24h, Metrics last7d, Metrics last30d) {}

  /** One bucket of a series: its first second (Unix, UTC), its published name and its figures. */
  public record Bucket(long start, String label, Metrics metrics) {}

  /**
   * The last 30 days of one model or one provider.
   *
   * @param totals of all the days together; its distincts are no sums
   * @param daily the days that end with asOf's, oldest first, without a hole; behind the first
   *     {@value #DENSE} models or providers only the days with data
   */
  public record Breakdown<K>(K id, Metrics totals, List<Bucket> daily) {
    /** How many models, and how many providers, have a bucket for each day. */
    public static final int DENSE = 300;
  }

  /** The times of the first and the last close, in Unix seconds; both null without a close. */
  public record CloseSpan(@Nullable Long first, @Nullable Long last) implements Serializable {
    static final CloseSpan NONE = new CloseSpan(null, null);

    public CloseSpan {
      if (first == null ? last != null : last == null || first > last) {
        throw new IllegalArgumentException("No span of closes: %s to %s".formatted(first, last));
      }
    }

    static CloseSpan of(LongSummaryStatistics times) {
      return times.getCount() == 0 ? NONE : new CloseSpan(times.getMin(), times.getMax());
    }

    /** From the first close of both to the last. */
    CloseSpan and(CloseSpan other) {
      if (first == null || last == null || other.first == null || other.last == null) {
        return first == null ? other : this;
      }
      return new CloseSpan(Math.min(first, other.first), Math.max(last, other.last));
    }
  }
}
