package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mor.throughput.archive.PartitionAudit.Audited;
import org.mor.throughput.base.TerminalText;
import org.mor.throughput.verify.Check.Difference;
import org.mor.throughput.verify.Check.Outcome;
import org.mor.throughput.verify.Check;
import org.mor.throughput.verify.Verification;

/** What a verification found, in lines. */
final class VerifyText {
  private VerifyText() {}

  static Report of(Verification.Report report, String store, long seed) {
    List<String> lines = new ArrayList<>();
    lines.add("store   " + store);
    lines.add("seed    " + seed);
    lines.add("");
    TextTable table = new TextTable("check", "result", "");
    report.checks().forEach(check -> table.add(check.name(), result(check), check.detail()));
    lines.addAll(table.lines());
    report.checks().forEach(check -> addFindings(check, lines));
    lines.add("");
    lines.addAll(digests(report.months()).lines());
    lines.add("");
    lines.add(verdict(report));
    return new Report(lines, json(report, store, seed), report.differs(), report.trouble());
  }

  private static String result(Check check) {
    return check.count() > 0
        ? "%s (%,d)".formatted(check.outcome().label(), check.count())
        : check.outcome().label();
  }

  private static void addFindings(Check check, List<String> lines) {
    if (check.differences().isEmpty() && check.notes().isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(check.name() + ":");
    for (Difference one : check.differences()) {
      lines.add(
          TerminalText.clean(
              "  %s: %s is %s, expected %s"
                  .formatted(
                      one.where(),
                      one.field().field(),
                      one.field().stored(),
                      one.field().expected())));
    }
    if (check.outcome() == Outcome.DIFFERS && check.count() > check.differences().size()) {
      lines.add("  and %,d more".formatted(check.count() - check.differences().size()));
    }
    check.notes().forEach(note -> lines.add(TerminalText.clean("  " + note)));
  }

  private static TextTable digests(List<Audited> months) {
    TextTable table = new TextTable("month", "kind", "rows>", "old rows>", "digest");
    for (Audited month : months) {
      table.add(
          month.month(),
          kind(month),
          "%,d".formatted(month.rows()),
          "%,d".formatted(month.legacy()),
          month.digest());
    }
    return table;
  }

  private static String kind(Audited month) {
    return month.kind().name().toLowerCase(Locale.ROOT);
  }

  private static String verdict(Verification.Report report) {
    long left = report.checks().stream().filter(c -> c.outcome() == Outcome.NOT_CHECKED).count();
    String rest = left == 0 ? "" : "; %d checks could not be made".formatted(left);
    if (report.suspectRows() > 0) {
      rest +=
          "; %,d suspect rows are listed, see docs/operations.md".formatted(report.suspectRows());
    }
    if (report.differs()) {
      return "There are differences%s. next: %s".formatted(rest, next(report));
    }
    return report.trouble().isPresent()
        ? "Not everything could be checked%s.".formatted(rest)
        : "No difference%s.".formatted(rest);
  }

  /** Documents are made anew of rows, so rows that differ come first. */
  private static String next(Verification.Report report) {
    boolean inDocumentsAlone =
        report.checks().stream()
            .filter(check -> check.outcome() == Outcome.DIFFERS)
            .allMatch(check -> check.name().endsWith(".json"));
    return inDocumentsAlone
        ? "rollup makes documents anew; docs/verify.md says what else may be"
        : "mend the rows before anything is published of them; docs/verify.md says how";
  }

  private static ObjectNode json(Verification.Report report, String store, long seed) {
    ObjectNode json = Report.object();
    json.put("store", store)
        .put("seed", seed)
        .put("differs", report.differs())
        .put("suspectRows", report.suspectRows());
    var checks = json.putArray("checks");
    for (Check check : report.checks()) {
      ObjectNode one = checks.addObject();
      one.put("name", check.name())
          .put("outcome", check.outcome().label())
          .put("detail", check.detail())
          .put("count", check.count());
      var differences = one.putArray("differences");
      for (Difference difference : check.differences()) {
        differences
            .addObject()
            .put("where", difference.where())
            .put("what", difference.field().field())
            .put("stored", difference.field().stored())
            .put("expected", difference.field().expected());
      }
      var notes = one.putArray("notes");
      check.notes().forEach(notes::add);
    }
    var months = json.putArray("digests");
    for (Audited month : report.months()) {
      months
          .addObject()
          .put("month", month.month().toString())
          .put("kind", kind(month))
          .put("rows", month.rows())
          .put("oldRows", month.legacy())
          .put("retracted", month.retracted())
          .put("digest", month.digest());
    }
    return json;
  }
}
