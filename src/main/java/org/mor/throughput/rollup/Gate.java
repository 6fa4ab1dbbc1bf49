package org.mor.throughput.rollup;

/** The published percentiles, and how many samples each needs before it says anything. */
public enum Gate {
  P50(50, 30),
  P95(95, 72),
  P99(99, 368);

  private final int percent;
  private final int samples;

  Gate(int percent, int samples) {
    this.percent = percent;
    this.samples = samples;
  }

  public int percent() {
    return percent;
  }

  /** The fewest samples. */
  public int samples() {
    return samples;
  }
}
