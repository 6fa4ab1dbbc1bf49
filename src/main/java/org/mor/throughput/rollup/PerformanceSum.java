package org.mor.throughput.rollup;

/**
 * The amounts and sketches of any number of cells added up. An amount stays at the largest whole
 * number that every reader of JSON keeps, 2^53 - 1, which only forged rows reach. Not thread-safe.
 */
@SuppressWarnings("EnumOrdinal") // the place of an amount in memory
public final class PerformanceSum {
  private static final long MOST = (1L << 53) - 1;

  private final long[] amounts = new long[PerformanceAmount.values().length];
  private final Sketch tps = new Sketch();
  private final Sketch ttft = new Sketch();

  public long at(PerformanceAmount amount) {
    return amounts[amount.ordinal()];
  }

  /** Thousandths of tokens a second. */
  public Sketch tps() {
    return tps;
  }

  /** Milliseconds to the first token. */
  public Sketch ttft() {
    return ttft;
  }

  void add(PerformanceAmount amount, long value) {
    amounts[amount.ordinal()] = Math.min(MOST, amounts[amount.ordinal()] + Math.min(MOST, value));
  }

  void addAmounts(PerformanceTable table, int row) {
    for (PerformanceAmount amount : PerformanceAmount.values()) {
      add(amount, table.at(amount, row));
    }
  }

  /** Adds what another sum has. */
  public void add(PerformanceSum other) {
    for (PerformanceAmount amount : PerformanceAmount.values()) {
      add(amount, other.at(amount));
    }
    tps.merge(other.tps);
    ttft.merge(other.ttft);
  }
}
