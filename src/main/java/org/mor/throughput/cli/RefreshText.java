package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.index.RefreshReport;
import org.mor.throughput.index.RollupReport;
import org.mor.throughput.session.Month;

/** What a refresh of stored closes says. */
final class RefreshText {
  private RefreshText() {}

  static Report of(RefreshReport report, Optional<RollupReport> published) {
    List<String> lines = new ArrayList<>();
    ObjectNode json = Report.object();
    add(report, lines, json);
    published.ifPresent(rollup -> RollupText.add(rollup, lines, json.putObject("rollup")));
    return new Report(lines, json, false);
  }

  static void add(RefreshReport report, List<String> lines, ObjectNode json) {
    lines.add(
        "%s: %,d rows of the earlier indexer, %,d unsettled; %,d read again, %s"
            .formatted(
                span(report.months()),
                report.legacy(),
                report.unsettled(),
                report.read(),
                report.dryRun()
                    ? "nothing written (dry run)"
                    : "%,d written".formatted(report.changed())));
    if (report.unresolved() > 0) {
      lines.add(
          "%,d rows stay as they are and are tried again later, ever more rarely:"
              .formatted(report.unresolved()));
      report
          .named()
          .forEach(
              row ->
                  lines.add(
                      "  session %s of %s: %s".formatted(row.sessionId(), row.month(), row.why())));
      if (report.unresolved() > report.named().size()) {
        lines.add("  and %,d more".formatted(report.unresolved() - report.named().size()));
      }
    }
    var months = json.putArray("months");
    report.months().forEach(month -> months.add(month.toString()));
    json.put("legacy", report.legacy())
        .put("unsettled", report.unsettled())
        .put("read", report.read())
        .put("changed", report.changed())
        .put("unresolved", report.unresolved())
        .put("dryRun", report.dryRun());
    var rows = json.putArray("unresolvedRows");
    report
        .named()
        .forEach(
            row ->
                rows.addObject()
                    .put("sessionId", row.sessionId().toHex())
                    .put("month", row.month().toString())
                    .put("why", row.why()));
    SuspectText.add(report.suspects(), lines, json);
  }

  private static String span(List<Month> months) {
    return switch (months.size()) {
      case 0 -> "no partitions";
      case 1 -> "closes of " + months.get(0);
      default -> "closes of %s to %s".formatted(months.get(0), months.get(months.size() - 1));
    };
  }
}
