package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.adapter.rpc.RpcStats;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.Repair;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "repair",
    description = {
      "Finds sessions that the contract knows and the rows do not, reads the blocks they are in again,",
      "and proves completeness anew. Exit code 1 when something is still missing."
    },
    footer = {
      "%nExamples:",
      "  indexer repair --dry-run",
      "  indexer repair",
      "  indexer repair --json"
    })
final class RepairCommand extends ReportingCommand {
  @Option(names = "--dry-run", description = "Say what is missing and where, and write nothing.")
  private boolean dryRun;

  @Override
  boolean writes() {
    return !dryRun;
  }

  @Override
  Need[] needs() {
    return new Need[] {Need.RPC, Need.STORE, Need.START_BLOCK};
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    try (Progress progress = new Progress(around.progress(), "repair")) {
      Repair.Report report = new Repair(graph.reader(), graph.ledger()).run(dryRun, progress);
      return report(report, graph.chain().stats().snapshot());
    }
  }

  private static final int SHOWN = 20;

  private static Report report(Repair.Report report, RpcStats.Snapshot rpc) {
    List<String> lines = new ArrayList<>();
    lines.add("found: completeness of opens: " + ProofText.line(report.before()));
    lines.add(
        "missing: %,d opens and %,d closes that the contract's lists name"
            .formatted(report.missingOpens(), report.missingCloses()));
    if (!report.blocks().isEmpty()) {
      lines.add(
          "%s %,d blocks%s: %s"
              .formatted(
                  report.dryRun() ? "would read again" : "read again",
                  report.blocks().stream().mapToLong(BlockRange::size).sum(),
                  report.dryRun() ? "" : ", %,d new rows".formatted(report.rowsAdded()),
                  some(report.blocks())));
    }
    if (report.unscanned() > 0) {
      lines.add(
          "%,d missing events lie in blocks that were never scanned; next: indexer backfill --gaps"
              .formatted(report.unscanned()));
    }
    if (!report.closedWithoutEvent().isEmpty()) {
      lines.add(
          "%,d sessions were settled without a SessionClosed event, so there is no row to write: %s"
              .formatted(report.closedWithoutEvent().size(), some(report.closedWithoutEvent())));
    }
    if (!report.dryRun()) {
      lines.add("now: completeness of opens: " + ProofText.line(report.after()));
    }
    lines.add(verdict(report));
    lines.add(ScanText.rpcLine(rpc));
    return new Report(lines, json(report, rpc), report.remains());
  }

  private static String verdict(Repair.Report report) {
    if (!report.remains()) {
      return "nothing is missing";
    }
    if (report.dryRun()) {
      return "next: indexer repair";
    }
    String closes =
        report.closesStillMissing().isEmpty() ? "" : " " + some(report.closesStillMissing());
    return "still missing: %,d opens, %,d closes%s. The endpoint may not give all logs: run again with another one first in BASE_RPC_URL"
        .formatted(report.opensStillMissing(), report.closesStillMissing().size(), closes);
  }

  private static ObjectNode json(Repair.Report report, RpcStats.Snapshot rpc) {
    ObjectNode json = Report.object();
    json.put("dryRun", report.dryRun());
    ProofText.add(report.before(), json.putObject("before"));
    json.put("missingOpens", report.missingOpens()).put("missingCloses", report.missingCloses());
    var blocks = json.putArray("blocks");
    report.blocks().forEach(range -> blocks.addArray().add(range.first()).add(range.last()));
    json.put("unscanned", report.unscanned())
        .put("rowsAdded", report.rowsAdded())
        .put("opensStillMissing", report.opensStillMissing());
    var closes = json.putArray("closesStillMissing");
    report.closesStillMissing().forEach(id -> closes.add(id.toHex()));
    var without = json.putArray("closedWithoutEvent");
    report.closedWithoutEvent().forEach(id -> without.add(id.toHex()));
    ProofText.add(report.after(), json.putObject("after"));
    json.put("remains", report.remains());
    ScanText.rpc(json, rpc);
    return json;
  }

  private static String some(List<? extends Object> items) {
    List<String> shown =
        items.stream()
            .limit(SHOWN)
            .map(item -> item instanceof Hash32 id ? id.toHex() : item.toString())
            .toList();
    String rest = items.size() > SHOWN ? " and %d more".formatted(items.size() - SHOWN) : "";
    return String.join(", ", shown) + rest;
  }
}
