package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.base.Json;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.load.LoadPlan;
import org.mor.throughput.load.LoadPlan.Limit;
import org.mor.throughput.load.LoadTest;
import org.mor.throughput.load.Site;
import org.mor.throughput.report.LoadReport;
import org.mor.throughput.telemetry.Database;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "load-test",
    description = "Asks a server as many visitors would, and says how long they wait.",
    footer = {
      "%nExamples:",
      "  indexer load-test --users 50 --duration 10s",
      "  indexer load-test --users 1500 --read-concurrency 200 --require ok=99.9,p95=500ms",
      "%ndocs/telemetry.md describes what is measured. Exit code 1: a limit of --require is broken."
    })
final class LoadTestCommand extends ReportingCommand {
  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8700",
      description = "The server; default: ${DEFAULT-VALUE}.")
  private String url = "";

  @Option(
      names = "--users",
      paramLabel = "N",
      defaultValue = "100",
      converter = Converters.Count.class,
      description = "Sessions with a connection each, up to 10000; default: ${DEFAULT-VALUE}.")
  private int users;

  @Option(
      names = "--read-concurrency",
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "Requests under way at once; default: 200, or --users if fewer.")
  private @Nullable Integer concurrency;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Converters.Time.class,
      description = "1s to 60m; default: ${DEFAULT-VALUE}.")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--think",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Converters.Time.class,
      description =
          "The mean time between a user's requests; 0s: at once; default: ${DEFAULT-VALUE}.")
  private Duration think = Duration.ZERO;

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "5",
      converter = Converters.CountOrNone.class,
      description = "Users who listen to the live stream, if there is one; default: 5.")
  private int streams;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "Ask for this alone; default: documents, questions and status, as the page.")
  private @Nullable String path;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "What the run is called; default: load- and the time.")
  private @Nullable String runId;

  @Option(
      names = "--require",
      paramLabel = "LIMITS",
      defaultValue = "",
      description = "Limits for ok, avg, p50, p95 and p99, such as ok=99.9,p95=500ms.")
  private String require = "";

  @Option(
      names = "--i-operate-this-host",
      description = "Also test a host that is not this machine; only do so with your own.")
  private boolean operated;

  @Override
  Need[] needs() {
    return new Need[0];
  }

  @Override
  void validate() {
    if (Limit.parse(require).isEmpty()) {
      throw usage(
          "--require is not accepted; accepted: ok=99.9,avg=50ms,p50=20ms,p95=500ms,p99=1000ms");
    }
    if (path != null && !path.matches("/[!-~]{0,500}")) {
      throw usage("--path is not accepted; accepted: a path such as /api/throughput/summary.json");
    }
    URI base = base();
    if (base.getHost() == null
        || !String.valueOf(base.getScheme()).matches("https?")
        || base.getRawUserInfo() != null) {
      throw usage("--url is not accepted; accepted: http:// or https:// and a host, without user");
    }
    Optional<String> refusal = plan().refusal();
    if (refusal.isPresent()) {
      throw usage(refusal.get());
    }
    try {
      if (!operated && !Site.isHere(base)) {
        throw usage(
            "%s is not this machine: a load test of a host needs its operator's consent; give --i-operate-this-host if that is you"
                .formatted(base.getHost()));
      }
    } catch (IOException e) {
      throw usage("The host %s is not known (%s)".formatted(base.getHost(), e.getMessage()));
    }
  }

  private LoadPlan plan() {
    String now = Instant.now().toString().replaceAll("[^0-9T]", "").substring(0, 15);
    return new LoadPlan(
        runId != null ? runId : "load-" + now,
        users,
        concurrency != null ? concurrency : Math.min(200, users),
        duration.toMillis() / 1e3,
        think.toMillis(),
        path,
        Math.min(streams, users));
  }

  private URI base() {
    try {
      return URI.create(url.replaceFirst("/*$", "/"));
    } catch (IllegalArgumentException e) {
      return URI.create("no:http");
    }
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    LoadPlan plan = plan();
    ObjectNode run = Json.PLAIN.valueToTree(plan);
    run.put("url", base().toString()).put("at", Instant.now().toString());
    run.put("version", spec().version()[0]);
    run.put(
        "machine",
        "%s %s, %d cores, Java %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version")));
    run.setAll(measured(plan, around));
    List<String> broken = broken(run.path("total"));
    broken.forEach(run.put("require", require).putArray("broken")::add);
    List<String> lines = new ArrayList<>(table(run));
    run.path("errors")
        .forEach(
            error ->
                lines.add(
                    "%,d x %s"
                        .formatted(error.path("count").asLong(), error.path("kind").asText())));
    lines.add(
        "harness: %s s of CPU, requests began %s ms late at p99"
            .formatted(
                run.at("/harness/cpuSeconds").asText(), run.at("/harness/lateP99Ms").asText()));
    lines.add(kept(run, plan.runId(), TelemetryCommand.file(graph.config(), around)));
    broken.forEach(limit -> lines.add("FAIL " + limit));
    if (broken.isEmpty() && !require.isEmpty()) {
      lines.add("PASS " + require);
    }
    return new Report(lines, run, !broken.isEmpty());
  }

  private ObjectNode measured(LoadPlan plan, Surroundings around) {
    Consumer<String> progress =
        line -> {
          around.notices().println(line);
          around.notices().flush();
        };
    try {
      return LoadTest.run(Site.look(base()), plan, json() ? line -> {} : progress);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadRequestException("The load test was interrupted");
    } catch (RuntimeException e) {
      throw e; // A fault of this program, and no server that is not there.
    } catch (Exception e) {
      throw new BadRequestException(
          "%s cannot be tested (%s)\nnext: start indexer serve on a store with documents, or give its --url"
              .formatted(
                  base(), e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
    }
  }

  private List<String> broken(JsonNode total) {
    List<String> broken = new ArrayList<>();
    for (Limit limit : Limit.parse(require).orElse(List.of())) {
      String field = limit.figure().equals("ok") ? "okPercent" : limit.figure() + "Ms";
      JsonNode figure = total.path(field);
      if (!figure.isNumber() || total.path("ok").asLong() == 0) {
        broken.add("%s, and too few requests were answered well to say".formatted(limit));
      } else if (!limit.holds(figure.asDouble())) {
        broken.add("%s, and it was %s".formatted(limit, figure.asText()));
      }
    }
    return broken;
  }

  private static List<String> table(JsonNode run) {
    String numbers = String.join(">,", LoadReport.COLUMNS).replaceFirst(">", "") + ">";
    TextTable table = new TextTable(numbers.split(",", -1));
    LoadReport.rows(run).forEach(row -> table.add(row.toArray()));
    return table.lines();
  }

  /** Keeps the run, and compares it with the last one of the same server. */
  private static String kept(ObjectNode run, String id, Path file) {
    try (Database database = Database.open(file)) {
      Optional<JsonNode> before = LoadReport.before(run, database.runs(100));
      database.saveRun(id, Instant.parse(run.path("at").asText()).toEpochMilli(), run);
      return "run %s is kept; %s\nnext: indexer load-report --run-id %s"
          .formatted(id, LoadReport.change(run, before), id);
    } catch (SQLException e) {
      // What was measured is said all the same.
      return "the run is not kept: " + TelemetryCommand.trouble(file, e).getMessage();
    }
  }
}
