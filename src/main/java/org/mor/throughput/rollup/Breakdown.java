package org.mor.throughput.rollup;

import java.util.List;

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
