package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.mor.throughput.adapter.rpc.RpcStats;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.base.TerminalText;
import org.mor.throughput.index.ProvenRows.Finding;
import org.mor.throughput.index.TrustlessCheck;
import org.mor.throughput.rollup.Metrics;

/** What was proven against the chain's state root, in lines and as JSON. */
final class TrustlessText {
  private TrustlessText() {}

  static Report of(TrustlessCheck.Report report, long seed, RpcStats.Snapshot rpc) {
    List<String> lines = new ArrayList<>();
    lines.add("block     %d, %s".formatted(report.block().number(), report.block().hash().toHex()));
    lines.add("its hash  " + report.basis());
    lines.add("sessions  " + count(report));
    lines.add("paid      " + paid(report));
    lines.add("closes    %s (seed %d)".formatted(report.meaning(), seed));
    if (report.later() > 0) {
      lines.add(
          "          %,d of the closes were read after that block: what was paid lies between what the state has and what was earned"
              .formatted(report.later()));
    }
    if (report.left().afterBlock() > 0) {
      lines.add(
          "          %,d closes stand in later blocks and are not proven"
              .formatted(report.left().afterBlock()));
    }
    if (report.left().legacy() > 0) {
      lines.add(
          "          %,d closes of the earlier indexer are not proven; next: enrich-closes reads them again"
              .formatted(report.left().legacy()));
    }
    report.limits().forEach(limit -> lines.add("          " + limit));
    for (Finding one : report.findings()) {
      lines.add(
          "%s, session %s: %s is %s, the state has %s"
              .formatted(
                  RowKind.CLOSES.key(one.month()).value(),
                  one.session(),
                  one.field().field(),
                  one.field().stored(),
                  one.field().expected()));
    }
    new TreeMap<>(report.refusals())
        .forEach((host, why) -> lines.add("%s sent what is not true: %s".formatted(host, why)));
    new TreeMap<>(report.failures())
        .forEach((host, why) -> lines.add("%s gave no answer: %s".formatted(host, why)));
    lines.add(verdict(report));
    lines.add(ScanText.rpcLine(rpc));
    return new Report(
        lines.stream().map(TerminalText::clean).toList(),
        json(report, seed, rpc),
        report.differs());
  }

  private static String count(TrustlessCheck.Report report) {
    if (report.opens().isEmpty()) {
      return "%,d opened, proven; not compared, because not every block up to there is scanned"
          .formatted(report.count());
    }
    return report.countDiffers()
        ? "%,d opened, proven, but %,d open rows are stored"
            .formatted(report.count(), report.opens().getAsLong())
        : "%,d opened, proven; as many open rows are stored".formatted(report.count());
  }

  private static String paid(TrustlessCheck.Report report) {
    return "%s MOR in all, proven; the closes say %s, which %s"
        .formatted(
            Metrics.mor(report.totalClaimed().value()).toPlainString(),
            Metrics.mor(report.rowsPaid().value()).toPlainString(),
            report.paidDiffers() ? "is more than was paid" : "can be part of it");
  }

  private static String verdict(TrustlessCheck.Report report) {
    if (!report.differs()) {
      return "No difference. Not proven: log positions, transaction hashes and what providers claim in receipts (docs/trust.md)";
    }
    return report.countDiffers() && report.proven() == report.sampled()
        ? "There are differences. next: repair finds rows that are missing"
        : "There are differences. next: docs/trust.md says how to check a row by hand; enrich-closes reads rows again through another endpoint";
  }

  private static ObjectNode json(TrustlessCheck.Report report, long seed, RpcStats.Snapshot rpc) {
    ObjectNode json = Report.object();
    json.put("block", report.block().number())
        .put("hash", report.block().hash().toHex())
        .put("stateRoot", report.block().stateRoot().toHex())
        .put("blockTime", report.block().timestamp())
        .put("basis", report.basis())
        .put("seed", seed)
        .put("sessions", report.count());
    report
        .opens()
        .ifPresentOrElse(opens -> json.put("openRows", opens), () -> json.putNull("openRows"));
    json.put("totalClaimedWei", report.totalClaimed().toString())
        .put("rowsPaidWei", report.rowsPaid().toString())
        .put("population", report.population())
        .put("later", report.later())
        .put("afterBlock", report.left().afterBlock())
        .put("legacy", report.left().legacy())
        .put("sampled", report.sampled())
        .put("proven", report.proven())
        .put("meaning", report.meaning())
        .put("differs", report.differs());
    var limits = json.putArray("limits");
    report.limits().forEach(limits::add);
    var differences = json.putArray("differences");
    for (Finding one : report.findings()) {
      differences
          .addObject()
          .put("month", one.month().toString())
          .put("sessionId", one.session().toHex())
          .put("field", one.field().field())
          .put("stored", one.field().stored())
          .put("state", one.field().expected());
    }
    var refused = json.putArray("refused");
    new TreeMap<>(report.refusals())
        .forEach((host, why) -> refused.addObject().put("host", host).put("why", why));
    var failed = json.putArray("failed");
    new TreeMap<>(report.failures())
        .forEach((host, why) -> failed.addObject().put("host", host).put("why", why));
    ScanText.rpc(json, rpc);
    return json;
  }
}
