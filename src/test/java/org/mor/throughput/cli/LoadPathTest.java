package org.mor.throughput.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.cli.JsonLines.parse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.base.Json;
import org.mor.throughput.report.LoadReport;
import org.mor.throughput.report.MonthlyReport.ReportFile;
import org.mor.throughput.serve.StoreServer;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.telemetry.Database;

/**
 * {@code load-test}, {@code load-report} and {@code telemetry} from their options to their files.
 */
class LoadPathTest {
  private StoreServer server;
  private EndToEnd cli;
  private Path file;

  @BeforeEach
  void serve(@TempDir Path home) throws IOException {
    MemoryObjectStore store = new MemoryObjectStore();
    store.create(
        new ObjectKey("summary.json"),
        "{\"schemaVersion\":1,\"asOfBlock\":1,\"documents\":{}}".getBytes(UTF_8),
        ObjectAttributes.PUBLISHED_JSON);
    server = StoreServer.start(store, 0);
    cli = new EndToEnd(home);
    file = home.resolve("local-raw/telemetry.db");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String loadTest(String id, String more) {
    return "load-test --url %s --users 20 --think 100ms --duration 1s --path /api/throughput/summary.json --run-id %s %s"
        .formatted(server.address(), id, more)
        .strip();
  }

  @Test
  void aRunIsShownKeptAndComparedWithTheOneBefore() {
    String first = cli.run(loadTest("one", "--require ok=99,p95=9000ms")).done().out();
    assertThat(first.lines().findFirst().orElseThrow())
        .matches("endpoint +total +ok +fail +OK % +avg ms +p50 ms +p95 ms +p99 ms +bytes");
    assertThat(first)
        .contains("summary.json  ", "run one is kept; there is no earlier run")
        .endsWith("PASS ok=99,p95=9000ms\n");
    JsonNode second = parse(cli.run(loadTest("two", "--json")).done().out());
    JsonNode all = second.path("total");
    assertThat(all.path("total").asInt()).isEqualTo(all.path("ok").asInt()).isPositive();
    assertThat(cli.run(loadTest("three", "")).done().out())
        .containsPattern("run three is kept; p95 [+-]\\d+ % against two");
    String rows = cli.run("telemetry export --table runs").done().out();
    assertThat(rows.lines()).hasSize(3).first().asString().startsWith("{\"id\":\"one\"");
    assertThat(cli.run(loadTest("four", "").replace("--think 100ms", "--think 90ms")).done().out())
        .contains("run four is kept; there is no earlier run of the same plan");
  }

  @Test
  void aLimitThatIsBrokenIsExitCodeOneAndALoadTestOfNothingTwo() {
    EndToEnd.Ended ended = cli.run(loadTest("one", "--require p50=0ms,ok=100"));
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).contains("FAIL p50 at most 0.0 ms, and it was ").doesNotContain("PASS");
    String line = loadTest("two", "");
    server.close();
    cli.run(line).failed(2, "cannot be tested", "next: start indexer serve");
  }

  @Test
  void aServerThatAnswersNothingWellKeepsNoLimitHoweverQuickItIs() {
    String line = loadTest("one", "--require p95=500ms").replace("summary.json", "none.json");
    EndToEnd.Ended ended = cli.run(line);
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out())
        .contains("FAIL p95 at most 500.0 ms, and too few requests were answered well to say");
  }

  @Test
  void aDatabaseThatCannotBeWrittenCostsNoVerdict() throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "this is no database at all, and longer than a header".repeat(9));
    assertThat(cli.run(loadTest("one", "--require ok=99")).done().out())
        .contains("endpoint ", "the run is not kept: ", "not a database")
        .endsWith("PASS ok=99\n");
  }

  @Test
  void unknownRunsAndFilesAreSaid() throws Exception {
    cli.run("load-report").failed(2, "No load test is kept in", "next: indexer load-test");
    cli.run("telemetry compact").failed(2, "There is no ", "next: set TELEMETRY_DB");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file, "this is no database at all, and longer than a header of one".repeat(9));
    cli.run("telemetry compact").failed(2, "not a database", "next: if it is damaged, remove it");
    cli.run("load-report").failed(2, "not a database");
    Files.delete(file);
    try (Database database = Database.open(file)) {
      database.saveRun("a", 1, Report.object().put("runId", "a"));
    }
    cli.run("load-report --run-id b").failed(2, "No load test of that id is kept");
  }

  @Test
  void resetRemovesEveryRowAndCompactSaysTheBytes() throws Exception {
    try (Database database = Database.open(file)) {
      for (int i = 0; i < 200; i++) {
        database.saveRun("r" + i, i, Report.object().put("runId", "x".repeat(1_000)));
      }
    }
    JsonNode reset = parse(cli.run("telemetry reset --json").done().out());
    assertThat(reset.path("bytes").asLong()).isLessThan(reset.path("before").asLong());
    assertThat(cli.run("telemetry export --table runs").done().out()).isEmpty();
    assertThat(cli.run("telemetry compact").done().out())
        .containsPattern(": [\\d,]+ bytes, before ");
  }

  private static JsonNode kept(String id, String at, double ok, double p95) throws IOException {
    return Json.EXACT.readTree(
        """
        {"runId":"%s","at":"%s","url":"http://h/","users":50,"seconds":10,"thinkMs":5000,"version":"1","machine":"m|<b>",
         "total":{"total":100,"ok":98,"fail":2,"okPercent":%s,"avgMs":1.5,"p50Ms":1,"p95Ms":%s,"p99Ms":900,"bytes":5},
         "endpoints":[{"endpoint":"/api/throughput/x|<script>","total":100,"ok":98,"fail":2,"okPercent":98,"avgMs":1,"p50Ms":1,"p95Ms":1,"p99Ms":1,"bytes":5}],
         "errors":[{"kind":"HTTP 503","count":2}],"intervals":[{"total":60,"p95Ms":10},{"total":40,"p95Ms":700}],"intervalSeconds":5,
         "notModified":3,"broken":["p95 at most 1 ms, and it was 2"],"harness":{"cpuSeconds":1,"lateP99Ms":11,"connections":50},"streams":0}
        """
            .formatted(id, at, ok, p95));
  }

  @Test
  void theReportSaysWhatStandsInTheRunAndCharsIt() throws Exception {
    JsonNode before = kept("one", "2026-05-01T00:00:00Z", 100, 200);
    JsonNode run = kept("../two", "2026-05-02T00:00:00Z", 98, 600);
    List<ReportFile> files = LoadReport.of(run, LoadReport.before(run, List.of(run, before)));
    assertThat(files)
        .extracting(ReportFile::name)
        .containsExactly(
            "LOAD_REPORT_two.md", "LOAD_REPORT_two-requests.svg", "LOAD_REPORT_two-p95.svg");
    assertThat(files.get(0).text())
        .contains(
            "100 requests, 98 % ok, 3 answered 304",
            "p95 +200 % against one",
            "**Not ready**: fewer than 99 %",
            "**Not ready**: p95 is more than 500 ms",
            "**Limit broken**: p95 at most 1 ms",
            "The harness was late itself",
            "| `x\\|<script>` | 100 | 98 | 2 |",
            "| `HTTP 503` | 2 |",
            "![p95 in ms every 5 s](LOAD_REPORT_two-p95.svg)");
    assertThat(files.get(2).text()).contains("<title>Interval 2: 700</title>");
    assertThat(LoadReport.change(before, LoadReport.before(before, List.of(run, before))))
        .startsWith("there is no earlier run");
  }
}
