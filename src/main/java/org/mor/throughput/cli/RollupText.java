package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.index.RollupReport;
import org.mor.throughput.publish.PublishReport;
import org.mor.throughput.rollup.Breakdown;
import org.mor.throughput.rollup.Metrics;
import org.mor.throughput.rollup.MorAmount;
import org.mor.throughput.rollup.StuckSessions;
import org.mor.throughput.rollup.Windows;
import org.mor.throughput.wiring.CdnReport;

/** What was computed and published: the main figures, the busiest models, what is stuck. */
final class RollupText {
  private static final int TOP = 8;

  private RollupText() {}

  static Report of(RollupReport report) {
    List<String> lines = new ArrayList<>();
    ObjectNode json = Report.object();
    add(report, lines, json);
    return new Report(lines, json, false);
  }

  static void add(RollupReport report, List<String> lines, ObjectNode json) {
    lines.add(
        "as of block %d, %s"
            .formatted(
                report.rollup().asOf().block(),
                Instant.ofEpochSecond(report.rollup().asOf().time())));
    PublishReport published = report.published();
    lines.add(
        "%d documents written, %d unchanged, %d left because a newer one is stored"
            .formatted(
                published.written().size(),
                published.unchanged().size(),
                published.skippedNewer().size()));
    json.put("asOfBlock", report.rollup().asOf().block())
        .put("asOfTime", Instant.ofEpochSecond(report.rollup().asOf().time()).toString())
        .put("documentsWritten", published.written().size())
        .put("documentsUnchanged", published.unchanged().size())
        .put("documentsSkippedNewer", published.skippedNewer().size())
        .put("contentChanged", published.contentChanged());
    report
        .stuck()
        .ifPresent(
            stuck ->
                json.put("stuckExpired", stuck.stuckExpired())
                    .put("closedWithoutEvent", stuck.closedWithoutEvent().size()));
    if (report.stuck().isPresent()) {
      lines.add(stuckLine(report.stuck().get()));
    } else {
      lines.add("stuck sessions were not looked for (--stuck)");
    }
    ProofText.add(report.proof(), lines, json);
  }

  /** What became of telling the CDN, behind the report of what was published. */
  static Report withCdn(Report report, CdnReport cdn) {
    if (cdn.state() == CdnReport.State.NONE) {
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

  /** The main figures, for the end of a demo. */
  static List<String> summary(RollupReport report) {
    Windows windows = report.rollup().windows();
    TextTable figures = new TextTable("", "24 h>", "7 d>", "30 d>", "all time>");
    List<Metrics> all =
        List.of(windows.last24h(), windows.last7d(), windows.last30d(), windows.allTime());
    row(figures, "sessions opened", all, m -> whole(m.sessions().opened()));
    row(figures, "sessions closed", all, m -> whole(m.sessions().closed()));
    row(figures, "  of them disputed", all, m -> whole(m.sessions().disputed()));
    row(figures, "tokens", all, m -> decimal(m.tokens().total(), 0));
    row(figures, "  of them estimated", all, m -> decimal(m.tokens().legacyEst(), 0));
    row(
        figures,
        "session hours",
        all,
        m ->
            decimal(
                new BigDecimal(m.sessions().seconds())
                    .divide(BigDecimal.valueOf(3600), 1, RoundingMode.HALF_EVEN),
                1));
    row(figures, "median tokens/s", all, m -> decimal(m.quality().tps().p50(), 1));
    row(figures, "median ttft ms", all, m -> decimal(m.quality().ttftMs().p50(), 0));
    row(
        figures,
        "users / providers",
        all,
        m -> m.distinct().users() + " / " + m.distinct().providers());
    row(figures, "MOR earned", all, m -> decimal(m.mor().earned(), 2));
    row(figures, "MOR paid", all, m -> decimal(m.mor().paid(), 2));
    List<String> lines = new ArrayList<>(figures.lines());
    lines.add("");
    lines.add("busiest models, 30 days");
    TextTable models = new TextTable("model", "sessions>", "tokens>", "tps p50>", "providers>");
    for (Breakdown<Hash32> model : report.rollup().byModel().stream().limit(TOP).toList()) {
      models.add(
          name(report, model.id()),
          whole(model.totals().sessions().closed()),
          decimal(model.totals().tokens().total(), 0),
          decimal(model.totals().quality().tps().p50(), 1),
          model.totals().distinct().providers());
    }
    lines.addAll(models.lines());
    lines.add("");
    report.stuck().ifPresent(stuck -> lines.add(stuckLine(stuck)));
    lines.add(ProofText.sentence(report.proof()));
    return lines;
  }

  private static String name(RollupReport report, Hash32 id) {
    String name = report.rollup().modelNames().getOrDefault(id, "");
    return (name.isBlank() ? "(no name)" : name) + " " + id.toHex().substring(0, 8);
  }

  private static String stuckLine(StuckSessions stuck) {
    return "stuck: %d expired and not closed (under 1 h %d, 1 to 24 h %d, over 24 h %d), %s MOR locked; %d still running; %d closed without an event"
        .formatted(
            stuck.stuckExpired(),
            stuck.byAge().under1h(),
            stuck.byAge().from1hTo24h(),
            stuck.byAge().over24h(),
            decimal(MorAmount.ofWei(stuck.morLocked().value()), 2),
            stuck.openActive(),
            stuck.closedWithoutEvent().size());
  }

  private interface Figure {
    String of(Metrics metrics);
  }

  private static void row(TextTable table, String name, List<Metrics> windows, Figure figure) {
    table.add(
        name,
        figure.of(windows.get(0)),
        figure.of(windows.get(1)),
        figure.of(windows.get(2)),
        figure.of(windows.get(3)));
  }

  private static String whole(long value) {
    return "%,d".formatted(value);
  }

  private static String decimal(@Nullable BigDecimal value, int digits) {
    return value == null
        ? "-"
        : "%,.{d}f".replace("{d}", Integer.toString(digits)).formatted(value);
  }
}
