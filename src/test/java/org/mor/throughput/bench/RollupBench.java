package org.mor.throughput.bench;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.StoredPartials;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.ObjectStore;

/** How long it takes to compute and publish every document of a store; the first time is cold. */
final class RollupBench {
  private static final MetricRules RULES =
      new MetricRules(500, 1_764_547_200, 1_769_904_000, Set.of());

  private RollupBench() {}

  /** Arguments: the store's directory, how often (2), threads (2), "cached" to use partials. */
  public static void main(String[] args) {
    ObjectStore store = new FileObjectStore(Path.of(args[0]));
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    int threads = args.length > 2 ? Integer.parseInt(args[2]) : 2;
    boolean cached = args.length > 3 && args[3].equals("cached");
    PrintStream out = System.out;
    long sinceStart = ManagementFactory.getRuntimeMXBean().getUptime();
    for (int round = 1; round <= rounds; round++) {
      long cpu = cpuMillis();
      long start = System.nanoTime();
      RollupRun.Report report =
          run(store, threads).run(cached ? partials(store) : PartialCache.none(), Instant.EPOCH);
      long wall = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      out.printf(
          "round %d: %d closes, %d threads: wall ms %d, CPU ms %d%s%n",
          round,
          report.rollup().windows().allTime().sessions().closed(),
          threads,
          wall,
          cpuMillis() - cpu,
          round == 1 ? " (cold; starting the JVM took " + sinceStart + " before)" : "");
    }
  }

  private static PartialCache partials(ObjectStore store) {
    return new StoredPartials(store, UserPrivacy.plain(), false);
  }

  private static RollupRun run(ObjectStore store, int threads) {
    IndexSettings settings =
        new IndexSettings(
            GeneratedStore.NETWORK.name(),
            8453,
            new Diamond(GeneratedStore.NETWORK.diamond()),
            OptionalLong.of(GeneratedStore.FIRST_BLOCK),
            IndexSettings.Confirmation.BLOCKS,
            20,
            200,
            4_000,
            200);
    Ledger ledger =
        new Ledger(
            store,
            UserPrivacy.plain(),
            CommitRetry.none(),
            GeneratedStore.NETWORK,
            new Ledger.Run("bench", () -> Instant.EPOCH));
    return new RollupRun(settings, ledger, RULES, new Publisher(store, attempt -> {}), threads);
  }

  /** CPU milliseconds of the whole process, garbage collection and compilation included. */
  private static long cpuMillis() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean os
        ? TimeUnit.NANOSECONDS.toMillis(os.getProcessCpuTime())
        : -1;
  }
}
