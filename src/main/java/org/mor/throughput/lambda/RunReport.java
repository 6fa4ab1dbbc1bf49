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
import org.mor.throughput.index.CloseRefresh;
import org.mor.throughput.index.Incremental;
import org.mor.throughput.index.Reaudit;
import org.mor.throughput.index.ReportCodec;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.ScanReport;
import org.mor.throughput.index.ScheduledRun;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.wiring.Cdn;

/**
 * What an invocation did.
 *
 * @param done what a scheduled run did; empty when it failed
 * @param job what a step of a backfill did instead
 * @param lagSeconds the age of the cursor's block; empty when it is not known
 * @param gaps stretches before the cursor that were not scanned; empty without a cursor and when it
 *     failed
 * @param failure why it failed; empty when it did not
 */
record RunReport(
    Identity identity,
    Optional<ScheduledRun.Report> done,
    Optional<Job.Done> job,
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
   * @param request what was asked for; empty when it could not be read
   */
  record Identity(String runId, String network, boolean coldStart, Optional<RunRequest> request) {
    /** What started it; empty when somebody invoked by hand. */
    Optional<ScheduledEvent> event() {
      return request.flatMap(RunRequest::event);
    }

    /** What the run's record calls it; empty when it leaves none. */
    Optional<String> kind() {
      Optional<Job> job = request.flatMap(RunRequest::job);
      return job.isPresent()
          ? job.get().kind()
          : Optional.of(event().isPresent() ? "scheduled" : "forced");
    }
  }

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
    return done.map(ScheduledRun.Report::isPartial).orElse(false)
        || job.map(Job.Done::isPartial).orElse(false);
  }

  /** As JSON: the invocation's answer and the run's line in the log. */
  String toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("runId", identity.runId()).put("network", identity.network()).put("status", status());
    identity.event().ifPresent(event -> event(json.putObject("startedBy"), event));
    failure.ifPresent(why -> failure(json.putObject("error"), why));
    done.ifPresent(run -> done(json, run));
    job.ifPresent(step -> job(json, step));
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
    published(json, run.rollup());
    run.proof().flatMap(ProofRecord::proof).ifPresent(p -> proof(json.putObject("proof"), p));
    run.reaudit().ifPresent(reaudit -> reaudit(json.putObject("reaudit"), reaudit));
    json.put("invalidation", cdn.state().name().toLowerCase(Locale.ROOT));
  }

  private void job(ObjectNode json, Job.Done step) {
    json.setAll(step.json());
    if (step.rollup().isPresent()) {
      published(json, step.rollup());
      json.put("invalidation", cdn.state().name().toLowerCase(Locale.ROOT));
    }
  }

  private static void published(ObjectNode json, Optional<RollupRun.Report> documents) {
    json.put("documents", documents.map(r -> r.published().written().size()).orElse(0));
    documents.ifPresent(rollup -> rollup(json.putObject("rollup"), rollup));
  }

  private static void scan(ObjectNode json, ScheduledRun.Report run) {
    Incremental.Report scan = run.scan();
    Optional<ScanReport> done = scan.scan();
    ReportCodec.rewound(json, scan.rewound());
    ReportCodec.range(json, "planned", scan.planned());
    ReportCodec.range(json, "range", done.flatMap(ScanReport::done));
    ReportCodec.found(json, done)
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
    ReportCodec.refreshed(json, refresh)
        .put("conflicts", refresh.conflicts())
        .put("cutShort", refresh.isCutShort());
    ReportCodec.unresolved(json, refresh);
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
    ReportCodec.range(json, "range", reaudit.done());
    json.put("events", reaudit.events()).put("rowsFound", reaudit.rowsFound());
    reaudit.failure().ifPresent(why -> json.put("failure", why));
  }

  private static void rpc(ObjectNode json, RpcStats.Snapshot rpc) {
    json.put("requests", rpc.requests()).put("retries", rpc.retries());
    rpc.calls().forEach(json.putObject("calls")::put);
    rpc.failures().forEach(json.putObject("errors")::put);
    json.put("logsOmitted", rpc.opinions().disagreed());
  }
}
