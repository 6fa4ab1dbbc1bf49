package org.mor.throughput.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mor.throughput.wiring.Cdn;

/** What became of telling the CDN, behind the report of what was published. */
final class CdnText {
  private CdnText() {}

  static Report add(Cdn.Report cdn, Report report) {
    if (cdn.state() == Cdn.Report.State.NONE) {
      return report;
    }
    List<String> lines = new ArrayList<>(report.lines());
    lines.add(
        switch (cdn.state()) {
          case REQUESTED -> "CloudFront forgets " + cdn.path();
          case FAILED -> "warning: " + cdn.problem();
          default -> "no figure changed, so CloudFront was not told";
        });
    report.json().put("invalidation", cdn.state().name().toLowerCase(Locale.ROOT));
    return new Report(lines, report.json(), report.difference());
  }
}
