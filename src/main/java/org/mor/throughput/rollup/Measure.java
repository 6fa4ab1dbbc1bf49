package org.mor.throughput.rollup;

/** What providers are compared by, inside one size class. */
public enum Measure {
  /** Milliseconds to the first token, less is better, by what a session took in. */
  TTFT_MS("ttftMs", 0),

  /** Thousandths of tokens a second, more is better, by what a session gave out. */
  TPS("tps", 3);

  private final String field;
  private final int decimals;

  Measure(String field, int decimals) {
    this.field = field;
    this.decimals = decimals;
  }

  /** 0 where the close is no sample. */
  long sample(Contribution one) {
    return this == TTFT_MS ? one.ttftMs() : one.milliTps();
  }

  /** The place of its class. */
  int size(Contribution one) {
    return sizes().of(this == TTFT_MS ? one.tokens().input() : one.tokens().output());
  }

  /** Its published name. */
  public String field() {
    return field;
  }

  /** The size classes inside which it compares. */
  public SizeScale sizes() {
    return this == TTFT_MS ? SizeScale.INPUT : SizeScale.OUTPUT;
  }

  /** The unit of values is 10^-decimals of the published one. */
  public int decimals() {
    return decimals;
  }

  /** Negative where the first is better. */
  int compare(long one, long other) {
    return this == TTFT_MS ? Long.compare(one, other) : Long.compare(other, one);
  }

  /** Whether everything in the interval of one is better than everything in that of the other. */
  boolean isClearlyBetter(Estimate one, Estimate other) {
    return !one.overlaps(other) && compare(one.value(), other.value()) < 0;
  }
}
