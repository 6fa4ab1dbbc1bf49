package org.mor.throughput.rollup;

import java.util.Arrays;

/**
 * The amounts and sketches of any number of cells added up. An amount stays at the largest whole
 * number that every reader of JSON keeps, 2^53 - 1, which only forged rows reach. Not thread-safe.
 */
@SuppressWarnings("EnumOrdinal") // the place of an amount in memory
public final class PerformanceSum {
  private static final long MOST = (1L << 53) - 1;

  private static final PerformanceAmount[] AMOUNTS = PerformanceAmount.values();

  private final long[] amounts = new long[AMOUNTS.length];
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

  /** Forgets everything. */
  void clear() {
    Arrays.fill(amounts, 0);
    tps.clear();
    ttft.clear();
  }

  void add(PerformanceAmount amount, long value) {
    amounts[amount.ordinal()] = Math.min(MOST, amounts[amount.ordinal()] + Math.min(MOST, value));
  }

  /**
   * Writes the amounts into a row of columns, which have the order of {@link PerformanceAmount}.
   */
  void copyTo(long[][] columns, int row) {
    for (int i = 0; i < amounts.length; i++) {
      columns[i][row] = amounts[i];
    }
  }

  void addAmounts(PerformanceTable table, int row) {
    for (PerformanceAmount amount : AMOUNTS) {
      add(amount, table.at(amount, row));
    }
  }

  /** Adds what another sum has. */
  public void add(PerformanceSum other) {
    for (PerformanceAmount amount : AMOUNTS) {
      add(amount, other.at(amount));
    }
    tps.merge(other.tps);
    ttft.merge(other.ttft);
  }
}
