package org.mor.throughput.lambda;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.adapter.rpc.RpcStats;
import org.mor.throughput.index.ScheduledRun;
import org.mor.throughput.wiring.CdnReport;

/**
 * What an invocation did.
 *
 * @param done what the run did; empty when it failed
 * @param lagSeconds the age of the cursor's block; empty when it is not known
 * @param gaps stretches before the cursor that were not scanned; empty without a cursor and when it
 *     failed
 * @param failure why it failed; empty when it did not
 */
record RunReport(
    Identity identity,
    Optional<ScheduledRun.Report> done,
    Optional<Long> lagSeconds,
    Optional<Integer> gaps,
    CdnReport cdn,
    RpcStats.Snapshot rpc,
    long milliseconds,
    List<String> warnings,
    Optional<Failure> failure) {

  /**
   * Which run it was.
   *
   * @param event what started it; empty when somebody invoked by hand
   */
  record Identity(
      String runId, String network, boolean coldStart, Optional<ScheduledEvent> event) {}

  /**
   * Why it failed.
   *
   * @param exitCode what the command line would have ended with
   * @param type the exception's name
   */
  record Failure(int exitCode, String type, String message) {}

  RunReport {
    warnings = List.copyOf(warnings);
  }

  boolean isPartial() {
    return done.map(ScheduledRun.Report::isPartial).orElse(false);
  }
}
