package org.mor.throughput.rollup;

/**
 * What is not shown until it means something, and how much that takes: the one table of it. {@code
 * docs/gates.md} says the same, and the page's {@code config.js} has the same numbers; tests
 * compare.
 */
public enum Minimum {
  MEDIAN(
      "medians",
      30,
      "samples",
      "an interval exists from 6 on; from 30 on it is narrow enough to use"),
  P95("95th percentiles", 72, "samples", "the fewest that have a two-sided 95 % interval"),
  P99("99th percentiles", 368, "samples", "the fewest that have a two-sided 95 % interval"),
  SHARE("the share of runs that succeeded", 30, "runs", "of fewer, one is more than 3 points"),
  WALLETS("a provider in a ranking", 5, "wallets", "what one wallet asks for decides its speed"),
  DAYS("a provider in a ranking", 3, "active days", "one good day says little of the next"),
  PROVIDERS("a ranking of providers", 2, "providers", "one alone is compared with nobody"),
  CHANGE(
      "a change in percent",
      30,
      "sessions before",
      "from a smaller base, a few sessions double it");

  private final String figure;
  private final int count;
  private final String unit;
  private final String reason;

  Minimum(String figure, int count, String unit, String reason) {
    this.figure = figure;
    this.count = count;
    this.unit = unit;
    this.reason = reason;
  }

  /** The fewest with which the figure is shown. */
  public int count() {
    return count;
  }

  /** Its line of the table in {@code docs/gates.md}. */
  public String line() {
    return "| %s | %d %s | %s |".formatted(figure, count, unit, reason);
  }
}
