package org.mor.throughput.rollup;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.mor.throughput.rollup.MonthFiles.MonthFile;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;

/** Computes a {@link Rollup} from rows. */
public final class Rollups {
  private final RowSource rows;
  private final MetricRules rules;
  private final Horizon horizon;
  private final PartialCache cache;
  private final MonthFiles files;
  private final String fingerprint;

  private Rollups(
      RowSource rows, MetricRules rules, AsOf asOf, PartialCache cache, MonthFiles files) {
    this.rows = rows;
    this.rules = rules;
    this.horizon = new Horizon(asOf);
    this.cache = cache;
    this.files = files;
    this.fingerprint = PartialCache.fingerprint(rules, asOf.generation());
  }

  /**
   * The figures of all rows up to {@code asOf}; the same for the same rows in any order and any
   * {@code parallelism}, which is how many months are read and held at a time. What {@code rows}
   * throws comes through as it is.
   *
   * @param files keeps the cells of months that are over, before anything speaks of them
   */
  public static Rollup compute(
      RowSource rows,
      MetricRules rules,
      AsOf asOf,
      PartialCache cache,
      MonthFiles files,
      int parallelism) {
    Rollups rollups = new Rollups(rows, rules, asOf, cache, files);
    Fold fold = new Fold(rollups.horizon, !rules.gatewayWallets().isEmpty());
    List<Month> months = rows.months().stream().filter(rollups.horizon::has).toList();
    if (parallelism == 1) {
      months.forEach(month -> fold.add(rollups.scan(month)));
    } else {
      rollups.scanInParallel(months, parallelism, fold);
    }
    return fold.finish();
  }

  private MonthPart scan(Month month) {
    if (!horizon.needsDaysOnly(month)) {
      return read(month);
    }
    MonthPartial partial =
        cache
            .find(month, fingerprint)
            .filter(this::hasItsFile)
            .orElseGet(
                () -> {
                  MonthPartial fresh = read(month).partial();
                  cache.put(fresh, fingerprint);
                  return fresh;
                });
    return new MonthPart(partial, null, null);
  }

  private MonthPart read(Month month) {
    MonthPart found = rows.part(month, rules, horizon.asOf());
    PerformanceMonth cells = found.performance();
    if (cells == null || cells.cells().rows() == 0 || !horizon.isOver(month)) {
      return found;
    }
    MonthPartial partial = found.partial().with(files.keep(cells).orElse(null));
    return new MonthPart(partial, found.recent(), cells);
  }

  private boolean hasItsFile(MonthPartial partial) {
    MonthFile file = partial.file();
    return file == null ? partial.span().first() == null : files.has(file);
  }

  /** Months are read side by side but added up in order. */
  private void scanInParallel(List<Month> months, int parallelism, Fold fold) {
    ExecutorService threads = Executors.newFixedThreadPool(parallelism);
    try {
      Deque<Future<MonthPart>> ahead = new ArrayDeque<>();
      Iterator<Month> left = months.iterator();
      while (left.hasNext() || !ahead.isEmpty()) {
        // One more than there are threads, so that none waits while a month is added up.
        while (left.hasNext() && ahead.size() <= parallelism) {
          Month month = left.next();
          ahead.add(threads.submit(() -> scan(month)));
        }
        fold.add(await(ahead.remove()));
      }
    } finally {
      threads.shutdownNow();
      awaitEnd(threads);
    }
  }

  /** A month that is still being read would go on using the store after the run has ended. */
  private static void awaitEnd(ExecutorService threads) {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static MonthPart await(Future<MonthPart> result) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Computing the rollup was interrupted: run it again", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException("Reading a month failed: " + e.getCause(), e);
    }
  }
}
