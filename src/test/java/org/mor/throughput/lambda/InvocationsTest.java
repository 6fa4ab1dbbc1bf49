package org.mor.throughput.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.adapter.rpc.RpcOptions;
import org.mor.throughput.archive.RunRecord;
import org.mor.throughput.archive.RunRecord.Rows;
import org.mor.throughput.archive.RunStore;
import org.mor.throughput.demo.MarketSettings;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.testing.VirtualTime;
import org.mor.throughput.wiring.Graph.Tempo;

/** Runs of one environment in this process, over a file store. */
class InvocationsTest {
  private static final Instant END = Instant.parse("2026-06-20T00:00:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SimulatedMarket market =
      SimulatedMarket.create(new MarketSettings(7, 150, END, Duration.ofDays(60)));
  private final AtomicInteger clockReadings = new AtomicInteger();
  private SimulatedNode node;
  private Path store;

  @BeforeEach
  void serve(@TempDir Path temp) throws IOException {
    node = SimulatedNode.start(market, 0, 1_000_000);
    store = temp.resolve("store");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void whatARunWritesCarriesItsId() throws IOException {
    Invocations invocations = invocations();

    invocations.run(new byte[0], "request-1", new Handler.TimeLeft(() -> 600_000));
    assertThat(cursor().path("write_id").asText()).isEqualTo("request-1");
    market.extend(50, 2);
    invocations.run(new byte[0], "request-2", new Handler.TimeLeft(() -> 600_000));
    assertThat(cursor().path("write_id").asText()).isEqualTo("request-2");
  }

  @Test
  void theLagCountsToTheEndOfTheRun() throws IOException {
    JsonNode report =
        JSON.readTree(
            invocations().run(new byte[0], "request-1", new Handler.TimeLeft(() -> 600_000)));

    // The clock goes on by an hour with each reading; one is taken before the scan.
    long block = cursor().path("last_block_time").asLong();
    long lag = report.path("lagSeconds").asLong();
    assertThat(block + lag - END.getEpochSecond()).isGreaterThanOrEqualTo(3 * 3_600);
  }

  @Test
  void aQuestionLateInARunMayTakeNoLongerThanTheRunHas() {
    AtomicInteger readings = new AtomicInteger();
    // Ten minutes at first, and nothing any more once the scan has begun.
    Handler.TimeLeft time =
        new Handler.TimeLeft(() -> readings.incrementAndGet() < 9 ? 600_000 : 0);

    assertThat(failureOf(() -> invocations().run(new byte[0], "request-1", time)))
        .contains("the run's time was nearly up");
  }

  @Test
  void everyInvocationLeavesARecordAndTheStatusCountsThoseThatFailed() throws IOException {
    Invocations invocations = invocations();
    String scheduled =
        """
        {"version":"0","id":"1","detail-type":"Scheduled Event","source":"aws.scheduler","account":"1",
         "time":"2026-06-20T00:00:00Z","region":"us-east-2","resources":["arn:a"],"detail":"{}"}""";
    Handler.TimeLeft time = new Handler.TimeLeft(() -> 600_000);
    JsonNode report =
        JSON.readTree(
            invocations.run(scheduled.getBytes(StandardCharsets.UTF_8), "request-1", time));
    invocations.run("{\"force_rollup\":true}".getBytes(StandardCharsets.UTF_8), "request/2", time);
    String status = Files.readString(store.resolve("status.json"));
    for (String refused : List.of("[", "{\"max_blocks\":0}", "{\"force_rollup\":7}")) {
      byte[] payload = refused.getBytes(StandardCharsets.UTF_8);
      assertThat(failureOf(() -> invocations.run(payload, "request-3", time)))
          .contains("BadRequestException");
    }
    assertThat(Files.readString(store.resolve("status.json")))
        .as("what was refused is no run")
        .isEqualTo(status);
    node.close();
    assertThat(failureOf(() -> invocations.run(new byte[0], "request-4", time)))
        .contains("ChainUnavailableException");

    List<RunRecord> runs = records();
    assertThat(runs)
        .extracting(RunRecord::id)
        .containsExactly("request-4", "request-2", "request-1");
    assertThat(runs).extracting(RunRecord::kind).containsExactly("forced", "forced", "scheduled");
    assertThat(runs)
        .extracting(run -> run.outcome().toString())
        .containsExactly("failed", "done", "done");
    assertThat(runs).allMatch(run -> run.by().equals("function 12"));
    RunRecord first = runs.get(2);
    assertThat(first.opens().added() + first.closes().added())
        .isEqualTo(report.path("rowsAdded").asLong())
        .isPositive();
    assertThat(first.documents()).isGreaterThanOrEqualTo(14);
    assertThat(first.cursor()).isEqualTo(cursor().path("last_block").asLong());
    assertThat(first.toBlock()).isEqualTo(cursor().path("last_block").asLong());
    assertThat(first.rpcRequests()).isEqualTo(report.at("/rpc/requests").asLong());
    assertThat(runs.get(0).error()).doesNotContain("/v2/").contains("127.0.0.1");
    assertThat(runs.get(0).opens()).as("of itself, not of the run before").isEqualTo(Rows.NONE);
    assertThat(runs.get(0).documents()).isZero();
    JsonNode last = JSON.readTree(Files.readAllBytes(store.resolve("status.json")));
    assertThat(last.at("/last7d/runs").asInt()).isEqualTo(3);
    assertThat(last.at("/last7d/failed").asInt()).isEqualTo(1);
    assertThat(last.path("lastOutcome").asText()).isEqualTo("failed");
    assertThat(last.path("gaps").asInt()).isEqualTo(report.path("gaps").asInt()).isPositive();
    assertThat(last.path("proof").asText()).isEqualTo(report.at("/proof/state").asText());
  }

  @Test
  void aPlanIsCarriedOutRangeByRangeAndPublished() throws IOException {
    JsonNode planned = step("plan", "{\"ranges\":3}");
    long first = market.startBlock();
    long last = market.head() - 20;
    assertThat(planned.at("/plan/from").asLong()).isEqualTo(first);
    assertThat(planned.at("/plan/to").asLong()).isEqualTo(last);
    assertThat(planned.path("missing").asLong()).isEqualTo(last - first + 1);
    assertThat(planned.path("ranges")).hasSize(3);
    assertThat(Files.exists(store)).as("a plan writes nothing").isFalse();

    for (int i : List.of(1, 0)) { // the last range first: the cursor stands behind a gap
      JsonNode range = planned.path("ranges").path(i);
      JsonNode done = step("backfill", range.toString());
      assertThat(done.path("left").isNull()).isTrue();
      assertThat(done.path("done").asLong())
          .isEqualTo(range.path("to").asLong() - range.path("from").asLong() + 1);
      assertThat(done.path("rows").asLong()).isPositive();
    }
    JsonNode gap = step("plan", planned.path("plan").toString());
    assertThat(gap.path("ranges")).hasSize(1);
    assertThat(gap.at("/ranges/0")).isEqualTo(planned.at("/ranges/2"));
    assertThat(step("rollup", "true").path("status").asText()).isEqualTo("done");
    JsonNode summary = JSON.readTree(Files.readAllBytes(store.resolve("summary.json")));
    assertThat(summary.at("/completeness/coverage/gaps").asInt()).isEqualTo(1);

    step("backfill", planned.at("/ranges/2").toString());
    assertThat(step("backfill", planned.at("/ranges/2").toString()).path("rows").asLong()).isZero();
    JsonNode nothing = step("plan", "{}");
    assertThat(nothing.path("missing").asLong()).isZero();
    assertThat(nothing.path("ranges")).isEmpty();
    assertThat(cursor().path("last_block").asLong()).isEqualTo(last);
    JsonNode published = step("rollup", "true");
    assertThat(published.at("/rollup/asOfBlock").asLong()).isEqualTo(last);
    assertThat(published.path("documents").asInt()).isPositive();
    assertThat(records()).extracting(RunRecord::kind).containsOnly("backfill", "rollup").hasSize(6);
  }

  /** Invocations take ranges in the plan's order, some at a time, and would share a month. */
  @Test
  void rangesThatFollowEachOtherInAPlanLieApart() throws IOException {
    JsonNode ranges = step("plan", "{\"ranges\":40}").path("ranges");
    List<Long> starts = ranges.findValues("from").stream().map(JsonNode::asLong).toList();
    List<Long> inOrder = starts.stream().sorted().toList();
    List<Integer> places = starts.stream().map(inOrder::indexOf).toList();
    assertThat(places).startsWith(0, 7, 14, 21, 28, 35, 1, 8).hasSize(40).doesNotHaveDuplicates();
    for (int i = 0; i + 4 <= places.size(); i++) {
      List<Integer> sideBySide = places.subList(i, i + 4).stream().sorted().toList();
      for (int other = 1; other < 4; other++) {
        assertThat(sideBySide.get(other) - sideBySide.get(other - 1)).isGreaterThan(1);
      }
    }
  }

  @Test
  void withoutTimeAScanCommitsWhatItReadAndSaysWhatIsLeft() throws IOException {
    long first = market.startBlock();
    long last = market.head() - 20;
    String range = "{\"from\":%d,\"to\":%d}".formatted(first, last);
    JsonNode answer = step("backfill", range, 59_000);

    assertThat(answer.path("status").asText()).isEqualTo("partial");
    long next = answer.at("/left/from").asLong();
    assertThat(next).isGreaterThan(first).isLessThan(last);
    assertThat(answer.at("/left/to").asLong()).isEqualTo(last);
    assertThat(answer.path("done").asLong()).isEqualTo(next - first);
    assertThat(cursor().path("last_block").asLong()).isEqualTo(next - 1);
    assertThat(records()).extracting(run -> run.outcome().toString()).containsExactly("partial");
    assertThat(step("backfill", answer.path("left").toString()).path("left").isNull()).isTrue();
  }

  @Test
  void aRangeThatIsNotThereYetIsRefusedOrLeft() throws IOException {
    long head = market.head();
    assertThat(failureOf(() -> run("plan", "{\"to\":%d}".formatted(head), 600_000)))
        .contains("BadRequestException")
        .contains("only blocks up to " + (head - 20))
        .contains("next: give an earlier to");
    assertThat(failureOf(() -> run("plan", "{\"blocks\":1}", 600_000)))
        .contains("are more than 400 ranges; next: give blocks of");
    assertThat(failureOf(() -> run("plan", "{\"to\":0}", 600_000)))
        .contains("BadRequestException")
        .contains("to is 0, before START_BLOCK, " + market.startBlock())
        .contains("next: give a later to");
    String behind = "{\"from\":%d,\"to\":%d}".formatted(head, head + 9);
    assertThat(failureOf(() -> run("backfill", behind, 600_000))).contains("BadRequestException");
    assertThat(Files.exists(store)).as("nothing was written").isFalse();

    String both = "{\"from\":%d,\"to\":%d}".formatted(head - 40, head + 9);
    JsonNode answer = step("backfill", both);
    assertThat(answer.path("status").asText()).isEqualTo("partial");
    assertThat(answer.at("/left/from").asLong()).isEqualTo(head - 19);
  }

  private JsonNode step(String key, String wish) throws IOException {
    return step(key, wish, 600_000);
  }

  private JsonNode step(String key, String wish, long millis) throws IOException {
    return JSON.readTree(run(key, wish, millis));
  }

  private String run(String key, String wish, long millis) {
    byte[] payload = "{\"%s\":%s}".formatted(key, wish).getBytes(StandardCharsets.UTF_8);
    String id = "request-" + clockReadings.get();
    return invocations().run(payload, id, new Handler.TimeLeft(() -> millis));
  }

  /** A store that is slow to fail must not make Lambda end the invocation before its report. */
  @Test
  void withoutTimeTheReportStandsAndTheRecordIsLeftOut() throws IOException {
    invocations().run(new byte[0], "request-1", new Handler.TimeLeft(() -> 600_000));
    Handler.TimeLeft time = new Handler.TimeLeft(() -> 2_000);
    String before = Files.readString(store.resolve("status.json"));
    node.close();
    assertThat(failureOf(() -> invocations().run(new byte[0], "request-2", time)))
        .isNotEqualTo("none");
    assertThat(records()).extracting(RunRecord::id).containsExactly("request-1");
    assertThat(Files.readString(store.resolve("status.json"))).isEqualTo(before);

    // Ten seconds are enough for the record, and not for the status.
    failureOf(
        () -> invocations().run(new byte[0], "request-3", new Handler.TimeLeft(() -> 10_000)));
    assertThat(records()).extracting(RunRecord::id).contains("request-3");
    assertThat(Files.readString(store.resolve("status.json"))).isEqualTo(before);
  }

  private List<RunRecord> records() {
    RunStore runs = new RunStore(new FileObjectStore(store));
    return runs
        .newest(END.plus(Duration.ofDays(9)), END.minus(Duration.ofDays(9)), 99, run -> true)
        .stream()
        .map(runs::read)
        .toList();
  }

  private static String failureOf(Runnable run) {
    try {
      run.run();
      return "none";
    } catch (RunFailedException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private JsonNode cursor() throws IOException {
    return JSON.readTree(Files.readAllBytes(store.resolve("state/cursor.json")));
  }

  private Invocations invocations() {
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    InstantSource clock = () -> END.plusSeconds(3_600L * clockReadings.incrementAndGet());
    return Invocations.start(
        Map.of(
            "STORE",
            "file:" + store,
            "AWS_LAMBDA_FUNCTION_VERSION",
            "12",
            "BASE_RPC_URL",
            node.url(),
            "START_BLOCK",
            Long.toString(market.startBlock())),
        new FunctionLog(nowhere, () -> END),
        clock,
        new Tempo(RpcOptions.defaults(), new VirtualTime(END, pause -> {})));
  }
}
