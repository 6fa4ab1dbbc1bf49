package org.mor.throughput.rollup;

import static org.mor.throughput.rollup.PerformanceAmount.DISPUTED_MILLI_TOKENS;
import static org.mor.throughput.rollup.PerformanceAmount.INPUT_TOKENS;
import static org.mor.throughput.rollup.PerformanceAmount.LEGACY_MILLI_TOKENS;
import static org.mor.throughput.rollup.PerformanceAmount.OUTPUT_TOKENS;
import static org.mor.throughput.rollup.PerformanceAmount.SESSIONS_CLOSED;
import static org.mor.throughput.rollup.PerformanceAmount.SESSIONS_CLOSED_EARLY;
import static org.mor.throughput.rollup.PerformanceAmount.SESSIONS_DISPUTED;
import static org.mor.throughput.rollup.PerformanceAmount.SESSIONS_FLAGGED;
import static org.mor.throughput.rollup.PerformanceAmount.SESSIONS_IDLE;
import static org.mor.throughput.rollup.PerformanceAmount.SESSIONS_LEGACY_EST;
import static org.mor.throughput.rollup.PerformanceAmount.SESSION_SECONDS;
import static org.mor.throughput.rollup.PerformanceAmount.TOKENS_FLAGGED;
import static org.mor.throughput.rollup.PerformanceAmount.TPS_SAMPLES;
import static org.mor.throughput.rollup.PerformanceAmount.TTFT_OVER_30S;
import static org.mor.throughput.rollup.PerformanceAmount.TTFT_SAMPLES;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.mor.throughput.session.MetricRules.TokenClass;
import org.mor.throughput.session.Month;

/**
 * Collects the closes of one month and makes cells of them in the end: most cells hold one or two
 * sessions, so that sorting is cheaper than a map of cells.
 */
final class PerformanceRows {
  private static final long DAY_SECONDS = 86_400;
  private static final long SLOW_TTFT_MS = 30_000;
  private static final int KEY_BITS = 30;
  private static final int ROW_BITS = 28;

  private final Month month;
  private final Directory directory;

  /** Keys by the numbers of the directory, in order of first sight. */
  private final Map<PerformanceKey, Integer> keys = new HashMap<>();

  private final List<Row> rows = new ArrayList<>();

  /** What the cells need of one close: a month of them is in memory at once. */
  private record Row(
      int day,
      int key,
      long input,
      long output,
      long milliTps,
      long ttftMs,
      long seconds,
      long legacyMilliTokens,
      boolean disputed,
      boolean early,
      boolean flagged,
      TokenClass tokenClass) {}

  PerformanceRows(Month month, Directory directory) {
    this.month = month;
    this.directory = directory;
  }

  void add(Contribution one) {
    boolean sized = one.tokenClass() == TokenClass.RECEIPT;
    PerformanceKey key =
        new PerformanceKey(
            one.model(),
            one.provider(),
            sized ? SizeScale.INPUT.of(one.tokens().input()) : SizeScale.UNKNOWN,
            sized ? SizeScale.OUTPUT.of(one.tokens().output()) : SizeScale.UNKNOWN);
    rows.add(
        new Row(
            (int) ((one.close().closedAt() - month.firstSecond()) / DAY_SECONDS),
            keys.computeIfAbsent(key, k -> keys.size()),
            one.tokens().input(),
            one.tokens().output(),
            one.milliTps(),
            one.ttftMs(),
            one.seconds(),
            one.legacyMilliTokens(),
            one.close().disputed(),
            one.close().early(),
            one.flagged(),
            one.tokenClass()));
  }

  /**
   * The cells.
   *
   * @param days how many days of the month there are up to asOf
   */
  PerformanceMonth finish(int days) {
    PerformanceKey.Sorted sorted = PerformanceKey.Sorted.of(keys, directory);
    long[] order = new long[rows.size()];
    Arrays.setAll(order, i -> packed(rows.get(i).day(), sorted.places()[rows.get(i).key()], i));
    Arrays.sort(order);
    int[] perDay = new int[days];
    IntStream.Builder cellKeys = IntStream.builder();
    PerformanceTable.Builder table = new PerformanceTable.Builder();
    PerformanceSum sum = new PerformanceSum();
    for (int i = 0; i < order.length; ) {
      Row first = row(order[i]);
      sum.clear();
      for (; i < order.length && isSameCell(first, row(order[i])); i++) {
        add(sum, row(order[i]));
      }
      table.add(sum);
      cellKeys.add(sorted.places()[first.key()]);
      perDay[first.day()]++;
    }
    return new PerformanceMonth(
        month,
        sorted.models(),
        sorted.providers(),
        sorted.keys(),
        perDay,
        cellKeys.build().toArray(),
        table.build());
  }

  /** Sorts by day, then by key, faster than rows are compared; names the row. */
  private static long packed(long day, long key, long row) {
    return day << (KEY_BITS + ROW_BITS) | key << ROW_BITS | row;
  }

  private Row row(long packed) {
    return rows.get((int) (packed & ((1L << ROW_BITS) - 1)));
  }

  private static boolean isSameCell(Row one, Row other) {
    return one.day() == other.day() && one.key() == other.key();
  }

  private static void add(PerformanceSum sum, Row row) {
    long tokens = row.input() + row.output();
    boolean hasTokens = row.tokenClass() == TokenClass.RECEIPT;
    sum.add(SESSIONS_CLOSED, 1);
    sum.add(SESSIONS_LEGACY_EST, row.tokenClass() == TokenClass.LEGACY_ESTIMATE ? 1 : 0);
    sum.add(SESSIONS_DISPUTED, row.disputed() ? 1 : 0);
    sum.add(SESSIONS_CLOSED_EARLY, row.early() ? 1 : 0);
    sum.add(SESSIONS_IDLE, hasTokens && tokens == 0 ? 1 : 0);
    sum.add(SESSIONS_FLAGGED, row.flagged() ? 1 : 0);
    sum.add(INPUT_TOKENS, row.input());
    sum.add(OUTPUT_TOKENS, row.output());
    sum.add(LEGACY_MILLI_TOKENS, row.legacyMilliTokens());
    sum.add(DISPUTED_MILLI_TOKENS, row.disputed() ? tokens * 1000 + row.legacyMilliTokens() : 0);
    sum.add(TOKENS_FLAGGED, row.flagged() ? tokens : 0);
    sum.add(SESSION_SECONDS, row.seconds());
    if (row.milliTps() > 0) {
      sum.add(TPS_SAMPLES, 1);
      sum.tps().add(row.milliTps());
    }
    if (row.ttftMs() > 0) {
      sum.add(TTFT_SAMPLES, 1);
      sum.add(TTFT_OVER_30S, row.ttftMs() > SLOW_TTFT_MS ? 1 : 0);
      sum.ttft().add(row.ttftMs());
    }
  }
}
