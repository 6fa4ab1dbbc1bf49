package org.mor.throughput.rollup;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.mor.throughput.session.MetricRules.TokenClass;
import org.mor.throughput.session.Month;

/**
 * Collects the closes of one month, five numbers each, and makes cells of them in the end: most
 * cells hold one or two sessions, so that sorting is cheaper than a map of cells.
 */
final class PerformanceRows {
  private static final int WIDTH = 5;
  private static final int DISPUTED = 1;
  private static final int EARLY = 2;
  private static final int FLAGGED = 4;
  private static final int LEGACY = 8;
  private static final int KEY_BITS = 30;
  private static final int ROW_BITS = 28;
  private static final int DAY_SECONDS = 86_400;
  private static final long SLOW_TTFT_MS = 30_000;
  private static final long LOW_HALF = 0xffff_ffffL;

  private final Month month;
  private final long firstSecond;
  private final Directory directory;

  /** Keys by the numbers of the directory, in order of first sight. */
  private final Map<PerformanceKey, Integer> keys = new HashMap<>();

  private long[] order = new long[256];
  private long[] values = new long[256 * WIDTH];
  private int rows;

  PerformanceRows(Month month, Directory directory) {
    this.month = month;
    this.firstSecond = month.firstSecond();
    this.directory = directory;
  }

  void add(Contribution one) {
    if (rows == order.length) {
      order = Arrays.copyOf(order, 2 * rows);
      values = Arrays.copyOf(values, 2 * rows * WIDTH);
    }
    boolean sized = one.tokenClass() == TokenClass.RECEIPT;
    PerformanceKey key =
        new PerformanceKey(
            one.model(),
            one.provider(),
            sized ? SizeScale.INPUT.of(one.tokens().input()) : SizeScale.UNKNOWN,
            sized ? SizeScale.OUTPUT.of(one.tokens().output()) : SizeScale.UNKNOWN);
    order[rows] = packed(day(one), number(key), rows);
    int at = rows * WIDTH;
    values[at] = one.tokens().input() << 32 | one.tokens().output();
    values[at + 1] = one.milliTps() << 32 | one.ttftMs();
    values[at + 2] = one.seconds();
    values[at + 3] = one.legacyMilliTokens();
    values[at + 4] = flags(one);
    rows++;
  }

  private int number(PerformanceKey key) {
    Integer known = keys.get(key);
    if (known == null) {
      known = keys.size();
      keys.put(key, known);
    }
    return known;
  }

  private static int flags(Contribution one) {
    return (one.close().disputed() ? DISPUTED : 0)
        | (one.close().early() ? EARLY : 0)
        | (one.flagged() ? FLAGGED : 0)
        | (one.tokenClass() == TokenClass.LEGACY_ESTIMATE ? LEGACY : 0);
  }

  private long day(Contribution one) {
    return (int) (one.close().closedAt() - firstSecond) / DAY_SECONDS;
  }

  private static long packed(long day, long key, long row) {
    return day << (KEY_BITS + ROW_BITS) | key << ROW_BITS | row;
  }

  /**
   * The cells.
   *
   * @param days how many days of the month there are up to asOf
   */
  PerformanceMonth finish(int days) {
    PerformanceKeys sorted = PerformanceKeys.of(keys, directory);
    long[] sequence = new long[rows];
    for (int i = 0; i < rows; i++) {
      long at = order[i];
      sequence[i] =
          packed(at >>> (KEY_BITS + ROW_BITS), sorted.places()[key(at)], at & mask(ROW_BITS));
    }
    Arrays.sort(sequence);
    int[] perDay = new int[days];
    IntList cellKeys = new IntList();
    PerformanceTableBuilder table = new PerformanceTableBuilder();
    PerformanceSum sum = new PerformanceSum();
    for (int i = 0; i < rows; ) {
      long cell = sequence[i] >>> ROW_BITS;
      sum.clear();
      boolean sized = sorted.keys().get(key(sequence[i])).input() != SizeScale.UNKNOWN;
      for (; i < rows && sequence[i] >>> ROW_BITS == cell; i++) {
        add(sum, (int) (sequence[i] & mask(ROW_BITS)) * WIDTH, sized);
      }
      table.add(sum);
      cellKeys.add((int) (cell & mask(KEY_BITS)));
      perDay[(int) (cell >>> KEY_BITS)]++;
    }
    return new PerformanceMonth(
        month,
        sorted.models(),
        sorted.providers(),
        sorted.keys(),
        perDay,
        cellKeys.toArray(),
        table.build());
  }

  private static int key(long packed) {
    return (int) (packed >>> ROW_BITS & mask(KEY_BITS));
  }

  private static long mask(int bits) {
    return (1L << bits) - 1;
  }

  private void add(PerformanceSum sum, int at, boolean sized) {
    long input = values[at] >>> 32;
    long output = values[at] & LOW_HALF;
    long flags = values[at + 4];
    long legacy = values[at + 3];
    sum.add(PerformanceAmount.SESSIONS_CLOSED, 1);
    sum.add(PerformanceAmount.SESSIONS_LEGACY_EST, bit(flags, LEGACY));
    sum.add(PerformanceAmount.SESSIONS_DISPUTED, bit(flags, DISPUTED));
    sum.add(PerformanceAmount.SESSIONS_CLOSED_EARLY, bit(flags, EARLY));
    sum.add(PerformanceAmount.SESSIONS_IDLE, sized && input + output == 0 ? 1 : 0);
    sum.add(PerformanceAmount.SESSIONS_FLAGGED, bit(flags, FLAGGED));
    sum.add(PerformanceAmount.INPUT_TOKENS, input);
    sum.add(PerformanceAmount.OUTPUT_TOKENS, output);
    sum.add(PerformanceAmount.LEGACY_MILLI_TOKENS, legacy);
    sum.add(
        PerformanceAmount.DISPUTED_MILLI_TOKENS,
        bit(flags, DISPUTED) * ((input + output) * 1000 + legacy));
    sum.add(PerformanceAmount.TOKENS_FLAGGED, bit(flags, FLAGGED) * (input + output));
    sum.add(PerformanceAmount.SESSION_SECONDS, values[at + 2]);
    addSamples(sum, values[at + 1] >>> 32, values[at + 1] & LOW_HALF);
  }

  private static void addSamples(PerformanceSum sum, long milliTps, long ttftMs) {
    if (milliTps > 0) {
      sum.add(PerformanceAmount.TPS_SAMPLES, 1);
      sum.tps().add(milliTps);
    }
    if (ttftMs > 0) {
      sum.add(PerformanceAmount.TTFT_SAMPLES, 1);
      sum.add(PerformanceAmount.TTFT_OVER_30S, ttftMs > SLOW_TTFT_MS ? 1 : 0);
      sum.ttft().add(ttftMs);
    }
  }

  private static long bit(long flags, int flag) {
    return (flags & flag) == 0 ? 0 : 1;
  }
}
