package org.mor.throughput.lambda;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.index.CloseRefresh;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.ScanReport;
import org.mor.throughput.index.ScheduledRun;
import org.mor.throughput.metrics.Measured;
import org.mor.throughput.metrics.Metric;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.rollup.StuckSessions;
import org.mor.throughput.wiring.Cdn;

/** A run's report as metrics; of a run that failed, what is known all the same. */
final class RunFigures {
  private RunFigures() {}

  static Measured of(RunReport report) {
    Map<Metric, Long> values = new EnumMap<>(Metric.class);
    values.put(Metric.RUN_SUCCEEDED, flag(report.failure().isEmpty()));
    values.put(Metric.RUN_PARTIAL, flag(report.isPartial()));
    values.put(Metric.RUN_MILLISECONDS, report.milliseconds());
    values.put(Metric.COLD_START, flag(report.identity().coldStart()));
    values.put(Metric.RPC_REQUESTS, report.rpc().requests());
    values.put(Metric.RPC_CALLS, sum(report.rpc().calls()));
    values.put(Metric.RPC_ERRORS, sum(report.rpc().failures()));
    values.put(Metric.RPC_RETRIES, report.rpc().retries());
    values.put(Metric.LOGS_OMITTED, report.rpc().opinions().disagreed());
    values.put(Metric.INVALIDATION_FAILED, flag(report.cdn().state() == Cdn.Report.State.FAILED));
    report.lagSeconds().ifPresent(lag -> values.put(Metric.CURSOR_LAG_SECONDS, lag));
    report.gaps().ifPresent(gaps -> values.put(Metric.COVERAGE_GAPS, (long) gaps));
    report.done().ifPresent(done -> add(done, values));
    return new Measured(report.identity().network(), values);
  }

  private static void add(ScheduledRun.Report done, Map<Metric, Long> values) {
    Optional<ScanReport> scan = done.scan().scan();
    values.put(Metric.RUN_REWOUND, flag(done.scan().rewound().isPresent()));
    done.scan()
        .cursor()
        .ifPresent(cursor -> values.put(Metric.STORE_GENERATION, (long) cursor.generation()));
    done.scan().lagBlocks().ifPresent(lag -> values.put(Metric.CURSOR_LAG_BLOCKS, lag));
    values.put(
        Metric.BLOCKS_SCANNED, scan.flatMap(ScanReport::done).map(BlockRange::size).orElse(0L));
    values.put(Metric.SESSIONS_OPENED, scan.map(ScanReport::opens).orElse(0L));
    values.put(Metric.SESSIONS_CLOSED, scan.map(ScanReport::closes).orElse(0L));
    values.put(Metric.ROWS_ADDED, scan.map(ScanReport::rowsAdded).orElse(0L));
    values.put(Metric.ROWS_REFRESHED, done.refresh().map(CloseRefresh.Report::changed).orElse(0L));
    values.put(Metric.SUSPECT_ROWS, done.suspectRows());
    // A step that failed does not say what it retracted before.
    if (done.rowsRetracted() > 0 || done.problems().isEmpty()) {
      values.put(Metric.ROWS_RETRACTED, done.rowsRetracted());
    }
    values.put(
        Metric.STORE_CONFLICTS,
        scan.map(ScanReport::conflicts).orElse(0L)
            + done.refresh().map(CloseRefresh.Report::conflicts).orElse(0L));
    values.put(
        Metric.DOCUMENTS_WRITTEN,
        done.rollup().map(rollup -> (long) rollup.published().written().size()).orElse(0L));
    done.rollup()
        .flatMap(RollupRun.Report::stuck)
        .map(StuckSessions::stuckExpired)
        .ifPresent(stuck -> values.put(Metric.STUCK_SESSIONS, stuck));
    done.reaudit().ifPresent(reaudit -> values.put(Metric.REAUDIT_ROWS_FOUND, reaudit.rowsFound()));
    done.proof()
        .flatMap(ProofRecord::proof)
        .ifPresent(proof -> values.put(Metric.PROOF_PROVEN, flag(proof.state().isProven())));
  }

  private static long flag(boolean yes) {
    return yes ? 1 : 0;
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
