package org.mor.throughput.lambda;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** The report as JSON: the invocation's answer and the run's line in the log. */
final class RunReportCodec {
  private final JsonMapper mapper = new JsonMapper();

  String encode(RunReport report) {
    ObjectNode json = mapper.createObjectNode();
    json.put("runId", report.identity().runId())
        .put("network", report.identity().network())
        .put("status", status(report));
    report.identity().event().ifPresent(event -> event(json.putObject("startedBy"), event));
    report.failure().ifPresent(failure -> failure(json.putObject("error"), failure));
    report.done().ifPresent(done -> done(json, report, done));
    rpc(json.putObject("rpc"), report.rpc());
    json.put("coldStart", report.identity().coldStart()).put("milliseconds", report.milliseconds());
    report.warnings().forEach(json.putArray("warnings")::add);
    try {
      return mapper.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A JSON tree cannot be written", e);
    }
  }

  private static void event(ObjectNode json, ScheduledEvent event) {
    json.put("source", event.getSource()).put("event", event.getId());
    event.getResources().stream().findFirst().ifPresent(arn -> json.put("resource", arn));
  }

  private static String status(RunReport report) {
    if (report.failure().isPresent()) {
      return "failed";
    }
    return report.isPartial() ? "partial" : "done";
  }

  private static void failure(ObjectNode json, RunReport.Failure failure) {
    json.put("exitCode", failure.exitCode())
        .put("type", failure.type())
        .put("message", failure.message());
  }

  private static void done(ObjectNode json, RunReport report, ScheduledRun.Report done) {
    scan(json, done);
    report.lagSeconds().ifPresent(seconds -> json.put("lagSeconds", seconds));
    report.gaps().ifPresent(gaps -> json.put("gaps", gaps));
    json.put("enriched", done.refresh().map(CloseRefresh.Report::changed).orElse(0L));
    done.refresh().ifPresent(refresh -> refresh(json.putObject("refresh"), refresh));
    json.put("documents", done.rollup().map(r -> r.published().written().size()).orElse(0));
    done.rollup().ifPresent(rollup -> rollup(json.putObject("rollup"), rollup));
    done.proof().flatMap(ProofRecord::proof).ifPresent(p -> proof(json.putObject("proof"), p));
    done.reaudit().ifPresent(reaudit -> reaudit(json.putObject("reaudit"), reaudit));
    json.put("invalidation", report.cdn().state().name().toLowerCase(Locale.ROOT));
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
