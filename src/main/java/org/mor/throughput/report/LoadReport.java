package org.mor.throughput.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mor.throughput.report.MonthlyReport.ReportFile;

/** Writes one load test, as the telemetry database keeps it. */
public final class LoadReport {
  /** What a page may take before readers notice. */
  private static final BigDecimal LEAST_OK = BigDecimal.valueOf(99);

  private static final BigDecimal MOST_P95 = BigDecimal.valueOf(500);

  /** A harness that begins its requests later than this says nothing of the server. */
  private static final BigDecimal MOST_LATE = BigDecimal.valueOf(10);

  /** Runs that differ in one of these are not compared. */
  private static final List<String> ALIKE =
      List.of("url", "users", "readConcurrency", "thinkMs", "path", "streamUsers");

  /** What each row says. */
  public static final List<String> COLUMNS =
      List.of(
          "endpoint",
          "total",
          "ok",
          "fail",
          "OK %",
          "avg ms",
          "p50 ms",
          "p95 ms",
          "p99 ms",
          "bytes");

  private LoadReport() {}

  /** The last run before this one with the same plan, however long. */
  public static Optional<JsonNode> before(JsonNode run, Iterable<JsonNode> newestFirst) {
    for (JsonNode other : newestFirst) {
      if (other.path("at").asText().compareTo(run.path("at").asText()) < 0
          && ALIKE.stream().allMatch(f -> other.path(f).asText().equals(run.path(f).asText()))) {
        return Optional.of(other);
      }
    }
    return Optional.empty();
  }

  /** Such as "p95 +12 % against load-7". */
  public static String change(JsonNode run, Optional<JsonNode> before) {
    BigDecimal base = before.map(other -> p95(other)).orElse(BigDecimal.ZERO);
    if (base.signum() == 0 || p95(run).signum() == 0) {
      return "there is no earlier run of the same plan";
    }
    BigDecimal percent = p95(run).subtract(base).movePointRight(2);
    return String.format(
        Locale.ROOT,
        "p95 %+.0f %% against %s",
        percent.doubleValue() / base.doubleValue(),
        before.get().path("runId").asText());
  }

  private static BigDecimal p95(JsonNode run) {
    return run.at("/total/p95Ms").decimalValue();
  }

  /** The report's files, the Markdown first. */
  public static List<ReportFile> of(JsonNode run, Optional<JsonNode> before) {
    String id = run.path("runId").asText().replaceAll("[^A-Za-z0-9-]", "");
    String name = "LOAD_REPORT_" + id;
    JsonNode all = run.path("total");
    StringBuilder text = new StringBuilder("# Load test %s\n\n".formatted(id));
    text.append(
        "%s users with a connection each asked %s for %s s, a request every %s s each on average. %s\n\n"
            .formatted(
                Text.number(run.path("users").asLong()),
                Text.name(run.path("url").asText()),
                number(run.path("seconds")),
                number(run.path("thinkMs"), 3),
                Text.name(run.path("at").asText())));
    text.append(
        "- %s requests, %s %% ok, %s answered 304, %s bytes of bodies\n- p50 %s ms, p95 %s ms, p99 %s ms; %s\n- Machine: %s; program: %s\n\n"
            .formatted(
                Text.number(all.path("total").asLong()),
                number(all.path("okPercent")),
                Text.number(run.path("notModified").asLong()),
                Text.number(all.path("bytes").asLong()),
                number(all.path("p50Ms")),
                number(all.path("p95Ms")),
                number(all.path("p99Ms")),
                change(run, before),
                Text.name(run.path("machine").asText()),
                Text.name(run.path("version").asText())));
    text.append("## Readiness\n\n").append(readiness(run)).append("\n## Endpoints\n\n");
    Table table = new Table(COLUMNS.toArray(String[]::new));
    for (List<String> row : rows(run)) {
      row.set(0, row.get(0).equals("all") ? "all" : Text.name(row.get(0)));
      table.row(row.toArray(String[]::new));
    }
    text.append(table).append("\n## Errors\n\n");
    Table errors = new Table("Kind", "count");
    run.path("errors")
        .forEach(
            error ->
                errors.row(
                    Text.name(error.path("kind").asText()),
                    Text.number(error.path("count").asLong())));
    text.append(run.path("errors").isEmpty() ? "None.\n" : errors).append('\n');
    List<ReportFile> files = new ArrayList<>();
    for (String figure : List.of("total", "p95Ms")) {
      List<BigDecimal> values = new ArrayList<>();
      run.path("intervals").forEach(part -> values.add(part.path(figure).decimalValue()));
      String title =
          "%s every %s s"
              .formatted(
                  figure.equals("total") ? "Requests due" : "p95 in ms",
                  run.path("intervalSeconds").asText());
      String file = "%s-%s.svg".formatted(name, figure.equals("total") ? "requests" : "p95");
      files.add(new ReportFile(file, DailyBars.of(title, "interval", values, false)));
      text.append("![%s](%s)\n\n".formatted(title, file));
    }
    text.append(
        "Times count from when a request was due, so a stall of the server counts for everyone who would have asked meanwhile; an interval with too few answers for a 95th percentile has no bar; failed requests count as failed, and their times do not count. The harness used %s s of CPU, and began requests %s ms late at p99.\n"
            .formatted(
                number(run.at("/harness/cpuSeconds")), number(run.at("/harness/lateP99Ms"))));
    files.add(0, new ReportFile(name + ".md", text.toString()));
    return List.copyOf(files);
  }

  private static String readiness(JsonNode run) {
    List<String> lines = new ArrayList<>();
    if (run.at("/total/okPercent").decimalValue().compareTo(LEAST_OK) < 0) {
      lines.add("**Not ready**: fewer than 99 % of the requests were answered well.");
    }
    if (!run.at("/total/p95Ms").isNumber()) {
      lines.add("**Not known**: too few requests were answered well for a 95th percentile.");
    } else if (p95(run).compareTo(MOST_P95) > 0) {
      lines.add("**Not ready**: p95 is more than 500 ms.");
    }
    run.path("broken").forEach(limit -> lines.add("**Limit broken**: " + limit.asText()));
    if (lines.isEmpty()) {
      lines.add("Ready for this load: 99 % or more were answered well, p95 is at most 500 ms.");
    }
    if (run.at("/harness/lateP99Ms").decimalValue().compareTo(MOST_LATE) > 0) {
      lines.add("The harness was late itself: its machine was too busy, and times are too long.");
    }
    return "- " + String.join("\n- ", lines) + "\n";
  }

  /** The rows below {@link #COLUMNS}: of each path, and of all together at the end. */
  public static List<List<String>> rows(JsonNode run) {
    List<List<String>> rows = new ArrayList<>();
    run.path("endpoints").forEach(part -> rows.add(row(part.path("endpoint").asText(), part)));
    rows.add(row("all", run.path("total")));
    return rows;
  }

  private static List<String> row(String name, JsonNode part) {
    List<String> row = new ArrayList<>(List.of(name.replaceFirst("^/api/throughput/", "")));
    List.of("total", "ok", "fail").forEach(f -> row.add(Text.number(part.path(f).asLong())));
    List.of("okPercent", "avgMs", "p50Ms", "p95Ms", "p99Ms")
        .forEach(field -> row.add(number(part.path(field))));
    row.add(Text.number(part.path("bytes").asLong()));
    return row;
  }

  private static String number(JsonNode value) {
    return number(value, 0);
  }

  private static String number(JsonNode value, int moved) {
    return value.isNumber() ? Text.number(value.decimalValue().movePointLeft(moved), 2) : "-";
  }
}
