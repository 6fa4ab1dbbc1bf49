package org.mor.throughput.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.mor.throughput.rollup.Gate;
import org.mor.throughput.rollup.PerformanceAmount;
import org.mor.throughput.rollup.PerformanceKey;
import org.mor.throughput.rollup.PerformanceSum;

/** Writes one month: key figures, tables, charts, and what is left out and why. */
public final class MonthlyReport {
  private static final int RANKED = 10;
  private static final String ALL = "All sessions";
  private static final BigDecimal HOUR = BigDecimal.valueOf(3600);

  private final ReportSource source;
  private final String name;
  private final LeftOut leftOut = new LeftOut();
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
    text.append(Notes.TEXT);
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
    files.add(new ReportFile(file, DailyBars.of(chartTitle, values, !source.isOver())));
    text.append("![%s](%s)\n\n".formatted(chartTitle, file));
  }

  private void writeSpeed() {
    PerformanceSum all = new PerformanceSum();
    source.cells().addTo((day, key) -> all);
    Table table = new Table("Over sessions", "p50", "p95", "p99", "samples");
    table.row(
        "Tokens a second",
        Speed.cell(leftOut, ALL, "tokens a second p50", all.tps(), Gate.P50, 3),
        Speed.cell(leftOut, ALL, "tokens a second p95", all.tps(), Gate.P95, 3),
        Speed.cell(leftOut, ALL, "tokens a second p99", all.tps(), Gate.P99, 3),
        Text.number(all.tps().count()));
    table.row(
        "Time to first token, ms",
        Speed.cell(leftOut, ALL, "time to first token p50", all.ttft(), Gate.P50, 0),
        Speed.cell(leftOut, ALL, "time to first token p95", all.ttft(), Gate.P95, 0),
        Speed.cell(leftOut, ALL, "time to first token p99", all.ttft(), Gate.P99, 0),
        Text.number(all.ttft().count()));
    text.append("## Speed\n\nIn brackets the 95 % interval.\n\n").append(table).append('\n');
    long slow = all.at(PerformanceAmount.TTFT_OVER_30S);
    text.append(
        "%s took more than 30 s to the first token.\n\n"
            .formatted(LeftOut.counted(slow, "session")));
    String file = name.replaceFirst("\\.md$", "") + "-first-token.svg";
    Speed.chart(source, this::providerLabel, title)
        .ifPresent(
            svg -> {
              files.add(new ReportFile(file, svg));
              text.append("![Median time to first token by provider](%s)\n\n".formatted(file));
            });
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
                  Speed.cell(leftOut, who, "tokens a second", share.sum().tps(), Gate.P50, 3),
                  Speed.cell(leftOut, who, "time to first token", share.sum().ttft(), Gate.P50, 0));
            });
    text.append(
        "## %s\n\nMost plausible tokens first%s.\n\n"
            .formatted(
                heading,
                shares.size() > RANKED ? ", %s of %s".formatted(RANKED, shares.size()) : ""));
    text.append(table).append('\n');
  }

  private void writeSizes() {
    text.append("## By size of session\n\n")
        .append(Sizes.table(source.cells(), leftOut))
        .append('\n');
  }

  private void writeLeftOut() {
    if (!leftOut.lines().isEmpty()) {
      text.append("## Left out\n\nToo few samples to mean anything yet:\n\n");
      leftOut.lines().forEach(line -> text.append("- ").append(line).append('\n'));
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
