package org.mor.throughput.rollup;

/** The published percentiles, and how many samples each needs before it says anything. */
public enum Gate {
  P50(50, Minimum.MEDIAN),
  P95(95, Minimum.P95),
  P99(99, Minimum.P99);

  private final int percent;
  private final Minimum samples;

  Gate(int percent, Minimum samples) {
    this.percent = percent;
    this.samples = samples;
  }

  public int percent() {
    return percent;
  }

  /** The fewest samples. */
  public int samples() {
    return samples.count();
  }
}
