package org.mor.throughput.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.mor.throughput.report.ReportSourceCodec.MonthFigures;
import org.mor.throughput.report.ReportSourceCodec.ReportSource;
import org.mor.throughput.rollup.Gate;
import org.mor.throughput.rollup.PerformanceAmount;
import org.mor.throughput.rollup.PerformanceKey;
import org.mor.throughput.rollup.PerformanceSum;
import org.mor.throughput.rollup.SizeScale;
import org.mor.throughput.rollup.Sketch;

/** Writes one month: key figures, tables, charts, and what is left out and why. */
public final class MonthlyReport {
  private static final int RANKED = 10;
  private static final String ALL = "All sessions";
  private static final BigDecimal HOUR = BigDecimal.valueOf(3600);

  private static final String NOTES =
      """
      ## How to read this

      - A session counts on the day it was closed. Tokens, tokens a second and time to first token are what the provider signed in the closing receipt: the contract checks the signature, not the truth. Receipts that the provider did not sign (disputed) count as sessions and never for speed.
      - Speed is a mean over each session, end to end: it includes the wait for the first token, so short outputs look slow. A percentile here is one over sessions, not over requests.
      - Tokens are implausible where a session claims more than 2,000 output tokens for each second that was paid for. They are left out of the key figure of tokens, of charts, shares and orders, and stand in a row of their own.
      - Size is the volume of a whole session, never the length of a prompt: receipts hold no request count.
      - A percentile is shown from 30 samples on (p50), 72 (p95) and 368 (p99). Two values whose intervals overlap are no clear difference.
      - Estimated tokens are those of December 2025 and January 2026, when receipts held no totals. They are not in the key figure of tokens and stand in a row of their own; charts, shares and orders count them.
      - A wallet is not a person.
      """;

  /** One file of a report: its name, and its whole text. */
  public record ReportFile(String name, String text) {}

  private final ReportSource source;
  private final String name;
  private final Speed speed = new Speed();
  private final List<ReportFile> files = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final String title;

  private MonthlyReport(ReportSource source, String name) {
    this.source = source;
    this.name = name;
    this.title =
        source.month().value().format(DateTimeFormatter.ofPattern("LLLL uuuu", Locale.ENGLISH));
  }

  /**
   * The report's files, the Markdown first. Charts are files of their own, since neither GitHub nor
   * forums show images that are part of the text.
   *
   * @param name of the Markdown file, which the charts' names begin with
   */
  public static List<ReportFile> of(ReportSource source, String name) {
    MonthlyReport report = new MonthlyReport(source, name);
    report.write();
    report.files.add(0, new ReportFile(name, report.text.toString()));
    return List.copyOf(report.files);
  }

  private void write() {
    text.append("# Morpheus throughput, %s\n\n".formatted(title));
    text.append(
        "What providers on %s reported in the receipts of sessions closed in %s (UTC), as of block %s (%s).%s\n\n"
            .formatted(
                source.network(),
                title,
                Text.number(source.asOfBlock()),
                source.asOfTime(),
                source.isOver()
                    ? ""
                    : " **The month is not over: figures are to date and not compared.**"));
    writeKeyFigures();
    writeDays();
    writeSpeed();
    writeRanking("Models", PerformanceKey::model, this::model);
    writeRanking("Providers", PerformanceKey::provider, this::provider);
    writeSizes();
    writeLeftOut();
    text.append(NOTES);
  }

  private void writeKeyFigures() {
    MonthFigures now = source.figures();
    Change change = new Change(source);
    Table table = new Table("", title, "change");
    rows(table, change, new String[][] {{"Sessions closed", "sessionsClosed"}});
    BigDecimal tokens = now.plausibleTokens();
    table.row("Tokens", Text.number(tokens, 0), change.of(MonthFigures::plausibleTokens, tokens));
    rows(
        table,
        change,
        new String[][] {
          {"implausible, not among them", "tokensFlagged"},
          {"estimated, not among them", "tokensLegacyEst"},
          {"Input tokens, with implausible ones", "inputTokens"},
          {"Output tokens, with implausible ones", "outputTokens"},
          {"Active providers", "uniqueProviders"},
          {"Active models", "uniqueModels"},
          {"Wallets", "uniqueUsers"},
          {"MOR earned by providers", "morEarned"}
        });
    BigDecimal seconds = now.sum("sessionSeconds");
    table.row(
        "Session hours",
        Text.number(seconds.divide(HOUR, 1, RoundingMode.HALF_EVEN), 1),
        change.of("sessionSeconds", seconds));
    BigDecimal closed = now.sum("sessionsClosed");
    table.row("Disputed sessions", Text.percent(now.sum("sessionsDisputed"), closed), "");
    table.row(
        "Sessions without token totals",
        Text.percent(now.sum("sessionsMissingTokens"), closed),
        "");
    text.append("## Key figures\n\n").append(table).append('\n');
  }

  /** Rows of published figures: what to say, and the figure's name. */
  private void rows(Table table, Change change, String[][] figures) {
    for (String[] figure : figures) {
      BigDecimal value = source.figures().sum(figure[1]);
      table.row(figure[0], Text.number(value, 0), change.of(figure[1], value));
    }
  }

  private void writeDays() {
    List<Share> days = Share.byDay(source.cells());
    chart(
        "sessions",
        "Sessions closed a day, " + title,
        days.stream().map(day -> BigDecimal.valueOf(day.sessions())).toList());
    chart(
        "tokens",
        "Plausible tokens a day, " + title,
        days.stream().map(day -> BigDecimal.valueOf(day.milliTokens(), 3)).toList());
  }

  private void chart(String what, String chartTitle, List<BigDecimal> values) {
    String file = name.replaceFirst("\\.md$", "") + "-" + what + ".svg";
    files.add(new ReportFile(file, DailyBars.of(chartTitle, "day", values, !source.isOver())));
    text.append("![%s](%s)\n\n".formatted(chartTitle, file));
  }

  private void writeSpeed() {
    PerformanceSum all = new PerformanceSum();
    source.cells().addTo((day, key) -> all);
    Table table = new Table("Over sessions", "p50", "p95", "p99", "samples");
    addSpeed(table, "Tokens a second", all.tps(), 3);
    addSpeed(table, "Time to first token, ms", all.ttft(), 0);
    text.append("## Speed\n\nIn brackets the 95 % interval.\n\n").append(table).append('\n');
    long slow = all.at(PerformanceAmount.TTFT_OVER_30S);
    text.append(
        "%s took more than 30 s to the first token.\n\n".formatted(Speed.counted(slow, "session")));
    String file = name.replaceFirst("\\.md$", "") + "-first-token.svg";
    speed
        .chart(source, this::providerLabel, title)
        .ifPresent(
            svg -> {
              files.add(new ReportFile(file, svg));
              text.append("![Median time to first token by provider](%s)\n\n".formatted(file));
            });
  }

  private void addSpeed(Table table, String name, Sketch sketch, int decimals) {
    String what = name.replace(", ms", "").toLowerCase(Locale.ROOT);
    table.row(
        name,
        speed.cell(ALL, what + " p50", sketch, Gate.P50, decimals),
        speed.cell(ALL, what + " p95", sketch, Gate.P95, decimals),
        speed.cell(ALL, what + " p99", sketch, Gate.P99, decimals),
        Text.number(sketch.count()));
  }

  private void writeRanking(
      String heading, ToIntFunction<PerformanceKey> part, IntFunction<String> label) {
    List<Share> shares = Share.by(source.cells(), part);
    BigDecimal all = BigDecimal.valueOf(shares.stream().mapToLong(Share::milliTokens).sum());
    Table table =
        new Table(heading, "sessions", "tokens", "share", "tokens/s p50", "first token ms p50");
    shares.stream()
        .limit(RANKED)
        .forEach(
            share -> {
              String who = label.apply(share.place());
              table.row(
                  who,
                  Text.number(share.sessions()),
                  Text.compact(BigDecimal.valueOf(share.milliTokens(), 3)),
                  Text.percent(BigDecimal.valueOf(share.milliTokens()), all),
                  speed.cell(who, "tokens a second", share.sum().tps(), Gate.P50, 3),
                  speed.cell(who, "time to first token", share.sum().ttft(), Gate.P50, 0));
            });
    text.append(
        "## %s\n\nMost plausible tokens first%s.\n\n"
            .formatted(
                heading,
                shares.size() > RANKED ? ", %s of %s".formatted(RANKED, shares.size()) : ""));
    text.append(table).append('\n');
  }

  private void writeSizes() {
    Table table =
        new Table("Tokens of the session", "sessions", "tokens/s p50", "first token ms p50");
    Map<Integer, PerformanceSum> inputs = Share.sums(source.cells(), PerformanceKey::input);
    addSizes(table, "input", SizeScale.INPUT, inputs);
    Map<Integer, PerformanceSum> outputs = Share.sums(source.cells(), PerformanceKey::output);
    addSizes(table, "output", SizeScale.OUTPUT, outputs);
    text.append("## By size of session\n\n").append(table).append('\n');
  }

  private void addSizes(
      Table table, String what, SizeScale scale, Map<Integer, PerformanceSum> sums) {
    for (int place = 0; place < scale.names().size(); place++) {
      PerformanceSum sum = sums.getOrDefault(place, new PerformanceSum());
      String who = "%s %s".formatted(scale.names().get(place), what);
      table.row(
          "%s (%s)".formatted(who, range(scale, place)),
          Text.number(sum.at(PerformanceAmount.SESSIONS_CLOSED)),
          speed.cell("Sessions with " + who, "tokens a second", sum.tps(), Gate.P50, 3),
          speed.cell("Sessions with " + who, "time to first token", sum.ttft(), Gate.P50, 0));
    }
  }

  private static String range(SizeScale scale, int place) {
    return place + 1 < scale.from().size()
        ? "%s to %s"
            .formatted(
                Text.number(scale.from().get(place)), Text.number(scale.from().get(place + 1) - 1))
        : Text.number(scale.from().get(place)) + " or more";
  }

  private void writeLeftOut() {
    if (!speed.lines().isEmpty()) {
      text.append("## Left out\n\nToo few samples to mean anything yet:\n\n");
      speed.lines().forEach(line -> text.append("- ").append(line).append('\n'));
      text.append('\n');
    }
  }

  private String model(int place) {
    if (place < 0) {
      return "*unknown*";
    }
    String id = source.cells().models().get(place).toHex();
    return Text.name(source.modelNames().getOrDefault(id, "")) + " " + Text.shortId(id);
  }

  private String provider(int place) {
    return place < 0 ? "*unknown*" : "`" + providerLabel(place) + "`";
  }

  private String providerLabel(int place) {
    return Text.shortId(source.cells().providers().get(place).toHex());
  }
}
