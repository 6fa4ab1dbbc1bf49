package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.adapter.rpc.RpcStats;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.Incremental;
import org.mor.throughput.index.Reaudit;
import org.mor.throughput.index.ReportCodec;
import org.mor.throughput.index.ScanReport;
import org.mor.throughput.index.ScheduledRun;

/** What scans say, for people and as JSON. */
final class ScanText {
  private static final long USUAL_WINDOW = 2_000;

  private ScanText() {}

  /** The calls a backfill would make. */
  static Report plan(Backfill.Plan plan) {
    List<String> lines = new ArrayList<>();
    ObjectNode json = Report.object();
    long batches = 0;
    json.put("dryRun", true).put("safeHead", plan.heads().safe()).put("blocks", plan.blocks());
    var ranges = json.putArray("ranges");
    for (BlockRange range : plan.ranges()) {
      batches += (range.size() + USUAL_WINDOW - 1) / USUAL_WINDOW;
      ranges.addObject().put("first", range.first()).put("last", range.last());
      lines.add("would scan %s (%,d blocks)".formatted(range, range.size()));
    }
    json.put("logBatchesAt2000Blocks", batches);
    lines.add(
        plan.ranges().isEmpty()
            ? "nothing to scan: %s is covered (--rescan reads it again)".formatted(plan.asked())
            : "about %,d batches of eth_getLogs + eth_getBlockByNumber where the endpoint gives 2,000 blocks at once (fewer where it gives more); then one multicall of getSession for each 150 sessions found, and getBid and getModel for what is new"
                .formatted(batches));
    return new Report(lines, json, false);
  }

  static Report backfill(Backfill.Report report, RpcStats.Snapshot rpc) {
    ObjectNode json = Report.object();
    ReportCodec.range(json, "asked", Optional.of(report.plan().asked()));
    json.put("blocks", report.plan().blocks())
        .put("opens", report.opens())
        .put("closes", report.closes())
        .put("rowsAdded", report.rowsAdded())
        .put("partial", report.isPartial());
    cursor(json, report.cursor());
    List<String> lines = new ArrayList<>();
    RewindCommand.add(report.rewound(), lines, json);
    lines.add(
        report.scans().isEmpty()
            ? "nothing to scan: %s is covered (--rescan reads it again)"
                .formatted(report.plan().asked())
            : "scanned %,d blocks of %s: %,d opens, %,d closes, %,d new rows"
                .formatted(
                    report.plan().blocks(),
                    report.plan().asked(),
                    report.opens(),
                    report.closes(),
                    report.rowsAdded()));
    lines.add(cursorLine(report.cursor()));
    SuspectText.add(report.suspects(), lines, json);
    report.proof().ifPresent(proof -> ProofText.add(proof, lines, json));
    facetChanges(report.scans(), lines, json);
    rpc(json, rpc);
    lines.add(rpcLine(rpc));
    lines.add("next: indexer rollup --stuck");
    return new Report(lines, json, false);
  }

  /** The blocks of this run in which the contract's code was changed. */
  private static void facetChanges(List<ScanReport> scans, List<String> lines, ObjectNode json) {
    var blocks = json.putArray("facetChanges");
    for (ScanReport scan : scans) {
      scan.facetChanges().forEach(blocks::add);
      if (!scan.facetChanges().isEmpty()) {
        lines.add(
            "The contract's code was changed (DiamondCut) in block %s: check that its events and getters still mean the same."
                .formatted(scan.facetChanges()));
      }
    }
  }

  static Report scheduled(ScheduledRun.Report report, RpcStats.Snapshot rpc) {
    List<String> lines = new ArrayList<>();
    ObjectNode json = Report.object();
    RewindCommand.add(report.scan().rewound(), lines, json);
    incremental(report.scan(), lines, json);
    SuspectText.add(report.scan().suspects(), lines, json);
    report
        .refresh()
        .ifPresent(refresh -> RefreshText.add(refresh, lines, json.putObject("refresh")));
    report.rollup().ifPresent(rollup -> RollupText.add(rollup, lines, json.putObject("rollup")));
    report
        .proof()
        .ifPresent(
            proof ->
                ProofText.add(proof, report.rollup().isEmpty() ? lines : new ArrayList<>(), json));
    facetChanges(report.scan().scan().stream().toList(), lines, json);
    report.reaudit().ifPresent(reaudit -> reaudit(reaudit, lines, json.putObject("reaudit")));
    report.problems().forEach(problem -> lines.add("warning: " + problem));
    report.refreshFailure().ifPresent(why -> json.put("refreshFailure", why));
    lines.add(rpcLine(rpc));
    rpc(json, rpc);
    return new Report(lines, json, false);
  }

  private static void reaudit(Reaudit.Report reaudit, List<String> lines, ObjectNode json) {
    ReportCodec.range(json, "blocks", reaudit.done());
    json.put("events", reaudit.events()).put("rowsFound", reaudit.rowsFound());
    List<String> suspects = new ArrayList<>();
    SuspectText.add(reaudit.suspects(), suspects, json);
    lines.add(
        reaudit
            .done()
            .map(
                range ->
                    "old blocks %s read once more: %,d events, %,d rows were missing%s"
                        .formatted(
                            range,
                            reaudit.events(),
                            reaudit.rowsFound(),
                            reaudit.rowsFound() == 0 ? "" : " and are stored now"))
            .orElse("old blocks could not be read once more"));
    lines.addAll(suspects);
    reaudit.failure().ifPresent(why -> json.put("failure", why));
  }

  private static void incremental(Incremental.Report scan, List<String> lines, ObjectNode json) {
    Optional<ScanReport> done = scan.scan();
    ReportCodec.range(json, "planned", scan.planned());
    ReportCodec.range(json, "scanned", done.flatMap(ScanReport::done));
    json.put("head", scan.heads().latest().number())
        .put("safeHead", scan.heads().safe())
        .put("lagBlocks", scan.lagBlocks().orElse(null));
    ReportCodec.found(json, done)
        .put("partial", scan.isPartial())
        .put("historyNeedsBackfill", scan.historyNeedsBackfill());
    cursor(json, scan.cursor());
    lines.add(
        done.flatMap(ScanReport::done)
            .map(
                range ->
                    "scanned %s: %,d opens, %,d closes, %,d new rows"
                        .formatted(
                            range, done.get().opens(), done.get().closes(), done.get().rowsAdded()))
            .orElse("nothing new to scan"));
    lines.add(
        cursorLine(scan.cursor())
            + scan.lagBlocks().map(", %,d blocks behind the head"::formatted).orElse(""));
    if (scan.historyNeedsBackfill()) {
      lines.add("There was no cursor: everything before this range is left to `indexer backfill`.");
    }
  }

  private static void cursor(ObjectNode json, Optional<Cursor> cursor) {
    if (cursor.isPresent()) {
      json.put("cursor", cursor.get().lastBlock());
    } else {
      json.putNull("cursor");
    }
  }

  private static String cursorLine(Optional<Cursor> cursor) {
    return cursor.map(stored -> "cursor at block " + stored.lastBlock()).orElse("no cursor yet");
  }

  static void rpc(ObjectNode json, RpcStats.Snapshot rpc) {
    ObjectNode out = json.putObject("rpc");
    out.put("httpRequests", rpc.requests()).put("retries", rpc.retries());
    ObjectNode calls = out.putObject("calls");
    rpc.calls().forEach(calls::put);
    ObjectNode failures = out.putObject("failures");
    rpc.failures().forEach(failures::put);
    out.putObject("secondOpinions")
        .put("confirmed", rpc.opinions().confirmed())
        .put("disagreed", rpc.opinions().disagreed())
        .put("unconfirmed", rpc.opinions().unconfirmed())
        .put("httpRequests", rpc.opinions().requests());
  }

  static String rpcLine(RpcStats.Snapshot rpc) {
    String failures = rpc.failures().isEmpty() ? "" : ", failures " + rpc.failures();
    return "%,d HTTP requests, %,d retries%s%s"
        .formatted(rpc.requests(), rpc.retries(), failures, opinions(rpc.opinions()));
  }

  private static String opinions(RpcStats.Opinions opinions) {
    return opinions.confirmed() + opinions.disagreed() + opinions.unconfirmed() == 0
        ? ""
        : ", answers without logs: %,d confirmed by another endpoint, %,d contradicted, %,d unconfirmed"
            .formatted(opinions.confirmed(), opinions.disagreed(), opinions.unconfirmed());
  }
}
