package org.mor.throughput.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
      List.of("endpoint,total,ok,fail,OK %,avg ms,p50 ms,p95 ms,p99 ms,bytes".split(",", -1));

  private static final String TEXT =
      """
      # Load test {ID}

      {users} users with a connection each asked {url} for {seconds} s, a request every {THINK} s each on average. {at}

      - {total/total} requests, {total/okPercent} % ok, {notModified} answered 304, {total/bytes} bytes of bodies
      - p50 {total/p50Ms} ms, p95 {total/p95Ms} ms, p99 {total/p99Ms} ms; {CHANGE}
      - Machine: {machine}; program: {version}

      ## Readiness

      {READINESS}
      ## Endpoints

      {ENDPOINTS}
      ## Errors

      {ERRORS}
      ![Requests due every {intervalSeconds} s]({NAME}-requests.svg)

      ![p95 in ms every {intervalSeconds} s]({NAME}-p95.svg)

      Times count from when a request was due, so a stall of the server counts for everyone who would have asked meanwhile; an interval with too few answers for a 95th percentile has no bar; failed requests count as failed, and their times do not count. The harness used {harness/cpuSeconds} s of CPU, and began requests {harness/lateP99Ms} ms late at p99.
      """;

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
    String name = "LOAD_REPORT_" + run.path("runId").asText().replaceAll("[^A-Za-z0-9-]", "");
    Table table = new Table(COLUMNS.toArray(String[]::new));
    for (List<String> row : rows(run)) {
      row.set(0, row.get(0).equals("all") ? "all" : Text.name(row.get(0)));
      table.row(row.toArray(String[]::new));
    }
    Table errors = new Table("Kind", "count");
    for (JsonNode error : run.path("errors")) {
      errors.row(Text.name(error.path("kind").asText()), number(error.path("count")));
    }
    Map<String, Object> more =
        Map.of(
            "NAME", name,
            "ID", name.substring("LOAD_REPORT_".length()),
            "THINK", number(run.path("thinkMs"), 3),
            "CHANGE", change(run, before),
            "READINESS", readiness(run),
            "ENDPOINTS", table,
            "ERRORS", run.path("errors").isEmpty() ? "None.\n" : errors);
    String text =
        Pattern.compile("\\{([A-Za-z0-9/]+)}")
            .matcher(TEXT)
            .replaceAll(
                found -> {
                  Object known = more.get(found.group(1));
                  JsonNode figure = run.at("/" + found.group(1));
                  String named = figure.isTextual() ? Text.name(figure.asText()) : number(figure);
                  return Matcher.quoteReplacement(known == null ? named : known.toString());
                });
    return List.of(
        new ReportFile(name + ".md", text),
        chart(run, "Requests due", "total", name + "-requests.svg"),
        chart(run, "p95 in ms", "p95Ms", name + "-p95.svg"));
  }

  private static ReportFile chart(JsonNode run, String title, String figure, String file) {
    List<BigDecimal> values = new ArrayList<>();
    run.path("intervals").forEach(part -> values.add(part.path(figure).decimalValue()));
    String every = " every %s s".formatted(run.path("intervalSeconds").asText());
    return new ReportFile(file, DailyBars.of(title + every, "interval", values, false));
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
    Stream.of("total", "ok", "fail", "okPercent", "avgMs", "p50Ms", "p95Ms", "p99Ms", "bytes")
        .forEach(field -> row.add(number(part.path(field))));
    return row;
  }

  private static String number(JsonNode value) {
    return number(value, 0);
  }

  private static String number(JsonNode value, int moved) {
    return value.isNumber() ? Text.number(value.decimalValue().movePointLeft(moved), 2) : "-";
  }
}
