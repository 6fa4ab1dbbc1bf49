package org.mor.throughput.lambda;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mor.throughput.adapter.rpc.RpcStats;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.Suspect;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.index.CloseRefresh;
import org.mor.throughput.index.Incremental;
import org.mor.throughput.index.Reaudit;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.ScanReport;
import org.mor.throughput.index.ScheduledRun;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.wiring.Cdn;

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
    Cdn.Report cdn,
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

  /** As JSON: the invocation's answer and the run's line in the log. */
  String toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("runId", identity.runId()).put("network", identity.network()).put("status", status());
    identity.event().ifPresent(event -> event(json.putObject("startedBy"), event));
    failure.ifPresent(why -> failure(json.putObject("error"), why));
    done.ifPresent(run -> done(json, run));
    rpc(json.putObject("rpc"), rpc);
    json.put("coldStart", identity.coldStart()).put("milliseconds", milliseconds);
    warnings.forEach(json.putArray("warnings")::add);
    return json.toString();
  }

  private static void event(ObjectNode json, ScheduledEvent event) {
    json.put("source", event.getSource()).put("event", event.getId());
    event.getResources().stream().findFirst().ifPresent(arn -> json.put("resource", arn));
  }

  private String status() {
    if (failure.isPresent()) {
      return "failed";
    }
    return isPartial() ? "partial" : "done";
  }

  private static void failure(ObjectNode json, Failure failure) {
    json.put("exitCode", failure.exitCode())
        .put("type", failure.type())
        .put("message", failure.message());
  }

  private void done(ObjectNode json, ScheduledRun.Report run) {
    scan(json, run);
    lagSeconds.ifPresent(seconds -> json.put("lagSeconds", seconds));
    gaps.ifPresent(count -> json.put("gaps", count));
    json.put("enriched", run.refresh().map(CloseRefresh.Report::changed).orElse(0L));
    run.refresh().ifPresent(refresh -> refresh(json.putObject("refresh"), refresh));
    json.put("documents", run.rollup().map(r -> r.published().written().size()).orElse(0));
    run.rollup().ifPresent(rollup -> rollup(json.putObject("rollup"), rollup));
    run.proof().flatMap(ProofRecord::proof).ifPresent(p -> proof(json.putObject("proof"), p));
    run.reaudit().ifPresent(reaudit -> reaudit(json.putObject("reaudit"), reaudit));
    json.put("invalidation", cdn.state().name().toLowerCase(Locale.ROOT));
  }

  private static void scan(ObjectNode json, ScheduledRun.Report run) {
    Incremental.Report scan = run.scan();
    Optional<ScanReport> done = scan.scan();
    scan.rewound()
        .ifPresent(
            rewound ->
                json.putObject("rewind")
                    .put("generation", rewound.generation())
                    .put("fromBlock", rewound.fromBlock())
                    .put("toBlock", rewound.toBlock()));
    range(json, "planned", scan.planned());
    range(json, "range", done.flatMap(ScanReport::done));
    json.put("opens", done.map(ScanReport::opens).orElse(0L))
        .put("closes", done.map(ScanReport::closes).orElse(0L))
        .put("rowsAdded", done.map(ScanReport::rowsAdded).orElse(0L))
        .put("rowsChanged", done.map(ScanReport::rowsChanged).orElse(0L))
        .put("conflicts", done.map(ScanReport::conflicts).orElse(0L))
        .put("historyNeedsBackfill", scan.historyNeedsBackfill());
    json.put("retracted", run.rowsRetracted()).put("suspect", run.suspectRows());
    ArrayNode first = json.putArray("suspects");
    scan.suspects().first().forEach(row -> first.add(named(row)));
    scan.cursor().map(Cursor::lastBlock).ifPresent(block -> json.put("cursor", block));
    json.put("head", scan.heads().latest().number()).put("safeHead", scan.heads().safe());
    scan.lagBlocks().ifPresent(lag -> json.put("lagBlocks", lag));
  }

  private static String named(Suspect row) {
    return "%s %s %s block %d %s"
        .formatted(row.kind().label(), row.month(), row.sessionId(), row.block(), row.why().code());
  }

  private static void refresh(ObjectNode json, CloseRefresh.Report refresh) {
    json.put("legacy", refresh.legacy())
        .put("unsettled", refresh.unsettled())
        .put("read", refresh.read())
        .put("changed", refresh.changed())
        .put("unresolved", refresh.unresolved())
        .put("conflicts", refresh.conflicts())
        .put("cutShort", refresh.isCutShort());
    ArrayNode rows = json.putArray("unresolvedRows");
    refresh
        .named()
        .forEach(
            row ->
                rows.addObject()
                    .put("sessionId", row.sessionId().toHex())
                    .put("month", row.month().toString())
                    .put("why", row.why()));
  }

  private static void rollup(ObjectNode json, RollupRun.Report rollup) {
    json.put("asOfBlock", rollup.rollup().asOf().block())
        .put("written", rollup.published().written().size())
        .put("unchanged", rollup.published().unchanged().size())
        .put("skippedNewer", rollup.published().skippedNewer().size())
        .put("contentChanged", rollup.published().contentChanged());
    rollup.stuck().ifPresent(stuck -> json.put("stuckExpired", stuck.stuckExpired()));
  }

  private static void proof(ObjectNode json, Proof proof) {
    json.put("state", proof.state().text()).put("proven", proof.proven());
    proof.count().ifPresent(count -> json.put("count", count));
  }

  private static void reaudit(ObjectNode json, Reaudit.Report reaudit) {
    range(json, "range", reaudit.done());
    json.put("events", reaudit.events()).put("rowsFound", reaudit.rowsFound());
    reaudit.failure().ifPresent(why -> json.put("failure", why));
  }

  private static void rpc(ObjectNode json, RpcStats.Snapshot rpc) {
    json.put("requests", rpc.requests()).put("retries", rpc.retries());
    rpc.calls().forEach(json.putObject("calls")::put);
    rpc.failures().forEach(json.putObject("errors")::put);
    json.put("logsOmitted", rpc.opinions().disagreed());
  }

  private static void range(ObjectNode json, String name, Optional<BlockRange> range) {
    if (range.isPresent()) {
      json.putObject(name).put("first", range.get().first()).put("last", range.get().last());
    } else {
      json.putNull(name);
    }
  }
}
