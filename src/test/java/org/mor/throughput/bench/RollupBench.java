package org.mor.throughput.bench;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.YearMonth;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.rollup.Rollup;
import org.mor.throughput.rollup.Rollups;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;

/** How long a rollup of many rows takes, next to only making the rows. */
final class RollupBench {
  private static final YearMonth FIRST = YearMonth.of(2025, 4);
  private static final int MONTHS = 13;
  private static final MetricRules RULES =
      new MetricRules(500, 1_764_547_200, 1_769_904_000, Set.of());

  private RollupBench() {}

  /** Arguments: closes in all (1,000,000) and threads (2). */
  public static void main(String[] args) {
    int closes = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    GeneratedRows rows = new GeneratedRows(FIRST, MONTHS, closes / MONTHS + 1);
    AsOf asOf = new AsOf(1, new Month(FIRST.plusMonths(MONTHS)).firstSecond() - 1);
    PrintStream out = System.out;
    for (int round = 1; round <= 3; round++) {
      long made = cpu(() -> generate(rows));
      long[] counted = {0};
      long start = System.nanoTime();
      long rolled =
          cpu(
              () -> {
                Rollup rollup = Rollups.compute(rows, RULES, asOf, PartialCache.none(), threads);
                counted[0] = rollup.windows().allTime().sessions().closed();
              });
      long wall = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      out.printf(
          "round %d: %d closes and as many opens, %d threads: CPU ms %d for the"
              + " rows alone, %d for rows and rollup; wall ms of the latter %d; heap used %d MB%n",
          round, counted[0], threads, made, rolled, wall, heapMegabytes());
    }
  }

  private static void generate(GeneratedRows rows) {
    long[] sum = {0};
    for (Month month : rows.months()) {
      rows.closes(month, close -> sum[0] += close.closedAt());
      rows.opens(month, open -> sum[0] += open.openedAt());
    }
    if (sum[0] == 0) {
      throw new IllegalStateException("No rows were made");
    }
  }

  /** CPU milliseconds of the whole process, garbage collection and compilation included. */
  private static long cpu(Runnable work) {
    long start = cpuMillis();
    work.run();
    return cpuMillis() - start;
  }

  private static long heapMegabytes() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
  }

  private static long cpuMillis() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean os
        ? TimeUnit.NANOSECONDS.toMillis(os.getProcessCpuTime())
        : -1;
  }
}
