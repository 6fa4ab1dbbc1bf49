package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.cli.JsonLines.parse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.testing.S3Fault;
import org.mor.throughput.testing.S3Operation;
import org.mor.throughput.testing.StrictS3Server;

/** Every command that writes leaves a record, and {@code runs} shows them. */
class RunsPathTest {
  private final SimulatedMarket market = SmallMarket.create();
  private final SimulatedNode node = SmallMarket.serve(market);
  private EndToEnd cli;

  @BeforeEach
  void configure(@TempDir Path home) {
    cli =
        new EndToEnd(home).with("START_BLOCK", Long.toString(market.startBlock())).node(node.url());
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private String backfill() {
    return "backfill --start-block " + market.startBlock();
  }

  private JsonNode runs(String more) {
    return parse(cli.run("runs --json" + more).done().out()).path("runs");
  }

  private static List<String> texts(JsonNode runs, String field) {
    List<String> texts = new ArrayList<>();
    runs.forEach(run -> texts.add(run.path(field).asText()));
    return texts;
  }

  @Test
  void everyCommandThatWritesIsThereNewestFirstAndThoseThatOnlyReadAreNot() {
    cli.run(backfill() + " --dry-run").done();
    cli.run("status").done();
    assertThat(cli.run("runs").done().out()).contains("no such run is recorded in file:");

    JsonNode scanned = parse(cli.run(backfill() + " --json").done().out());
    JsonNode rollup = parse(cli.run("rollup --json").done().out());
    cli.run("verify").done();
    market.extend(1_000, 20);
    cli.run("incremental").done();
    cli.run("enrich-closes --dry-run").done();
    cli.run("enrich-closes").done();
    cli.run("repair --dry-run").done();
    cli.run("repair").done();
    long back = market.head() - 200;
    cli.run("rewind --dry-run --to-block " + back).done();
    cli.run("rewind --to-block " + back).done();

    JsonNode runs = runs("");
    assertThat(texts(runs, "kind"))
        .containsExactly("rewind", "repair", "enrich-closes", "incremental", "rollup", "backfill");
    assertThat(texts(runs, "by")).containsOnly("laptop");
    assertThat(texts(runs, "outcome")).containsOnly("done");
    JsonNode first = runs.get(5);
    assertThat(first.at("/opens/added").asLong()).isEqualTo(scanned.path("opens").asLong());
    assertThat(first.at("/closes/added").asLong()).isEqualTo(scanned.path("closes").asLong());
    assertThat(first.path("fromBlock").asLong()).isEqualTo(market.startBlock());
    assertThat(first.path("toBlock").asLong()).isEqualTo(scanned.path("cursor").asLong());
    assertThat(first.path("cursor").asLong()).isEqualTo(scanned.path("cursor").asLong());
    assertThat(first.path("rpcRequests").asLong())
        .isEqualTo(scanned.at("/rpc/httpRequests").asLong())
        .isPositive();
    assertThat(runs.get(4).path("documents").asLong())
        .isEqualTo(rollup.path("documentsWritten").asLong())
        .isGreaterThanOrEqualTo(14);
    assertThat(runs.get(0).path("cursor").asLong()).isEqualTo(back);

    String table = cli.run("runs --last 2").done().out();
    assertThat(table.lines().toList()).hasSize(3);
    assertThat(table).contains("start (UTC)", "rewind", "repair").doesNotContain("incremental");
    assertThat(cli.run("runs --failed").done().out()).contains("no such run");
  }

  /** A kill ends a run after its rows are stored, and before its record. */
  @Test
  void aRunThatMovedTheCursorAndHasNoRecordIsNamed() throws IOException {
    cli.run(backfill()).done();
    assertThat(cli.run("runs").done().out()).doesNotContain("has no record");
    String id = runs("").at("/0/id").asText();
    SmallMarket.everything(cli.store()).keySet().stream()
        .filter(name -> name.startsWith("state/runs/"))
        .forEach(name -> assertThat(cli.store().resolve(name).toFile().delete()).isTrue());
    assertThat(cli.run("runs").done().out())
        .contains("no such run is recorded", "run " + id + " moved the cursor to block ");
    assertThat(parse(cli.run("runs --json").done().out()).path("withoutRecord").asText())
        .isEqualTo(id);
    cli.run("rollup").done();
    assertThat(cli.run("runs --failed").done().out()).contains(id);
    Path cursor = cli.store().resolve("state/cursor.json");
    String sound = Files.readString(cursor);
    Files.writeString(cursor, "{}");
    assertThat(cli.run("runs").done().out())
        .contains("rollup", "the cursor does not say whether a run has no record: ");
    Files.writeString(cursor, sound);
    market.extend(1_000, 20);
    cli.run("incremental").done();
    assertThat(cli.run("runs").done().out()).doesNotContain("has no record");
  }

  @Test
  void aRunThatFailsLeavesARecordThatNamesNoKeyAndNoPerson() throws IOException {
    cli.run(backfill()).done();
    node.close();
    cli.run("incremental").failed(3, "127.0.0.1");

    JsonNode failed = runs(" --failed");
    assertThat(failed).hasSize(1);
    assertThat(failed.get(0).path("error").asText())
        .contains("127.0.0.1")
        .doesNotContain(EndToEnd.CANARY, "\n", "http://");
    JsonNode status = parse(Files.readString(cli.store().resolve("status.json")));
    assertThat(status.path("lastOutcome").asText()).isEqualTo("failed");
    assertThat(status.at("/last24h/failed").asInt()).isEqualTo(1);
    assertThat(Files.readString(cli.store().resolve("badge.json"))).contains("outdated on 20");
    SmallMarket.everything(cli.store())
        .forEach(
            (name, hex) -> {
              if (name.startsWith("state/runs/")) {
                String text =
                    new String(
                        java.util.HexFormat.of().parseHex(hex),
                        java.nio.charset.StandardCharsets.UTF_8);
                assertThat(name + text)
                    .doesNotContain(EndToEnd.CANARY)
                    .doesNotContain(System.getProperty("user.home") + "/")
                    .doesNotContain("\u001b");
              }
            });
    assertThat(cli.run("runs").done().out()).contains("failed", "no answer after 6 tries");
  }

  /** What was asked for and refused before anything was done is no run. */
  @Test
  void aRequestThatIsRefusedIsNoRun() {
    cli.run("rollup").failed(2, "run backfill or incremental first");
    cli.run("enrich-closes --partition 1999-01").failed(2, "no partition 1999-01");
    assertThat(SmallMarket.everything(cli.store())).isEmpty();
  }

  @Test
  void oneRunIsShownWholeByTheBeginningOfItsId() {
    cli.run(backfill()).done();
    cli.run("rollup").done();
    String id = runs(" --last 1").get(0).path("id").asText();
    assertThat(parse(cli.run("runs show " + id + " --json").done().out()).path("kind").asText())
        .isEqualTo("rollup");
    assertThat(cli.run("runs show " + id.substring(0, 8)).done().out())
        .contains("rollup", "rpcRequests", id);
    cli.run("runs show ffffffff-0000")
        .failed(2, "No run of the last 400 days", "next: indexer runs");
    cli.run("runs show ../../cursor").failed(2, "letters, digits and hyphens");
    cli.run("runs list").failed(2, "give `show ID`");
    cli.run("runs show").failed(2, "give `show ID`");
    cli.run("runs --last 0").failed(2, "--last");
    cli.run("runs --last -3").failed(2, "--last");
  }

  @Test
  void aDamagedRecordIsNamedAndTheOthersAreShown() throws IOException {
    cli.run(backfill()).done();
    cli.run("rollup").done();
    try (Stream<Path> files = Files.walk(cli.store().resolve("state/runs"))) {
      Path rollup = files.filter(f -> f.toString().contains("_rollup_")).findFirst().orElseThrow();
      Files.writeString(rollup, "{\"version\":1");
    }
    EndToEnd.Ended ended = cli.run("runs");
    assertThat(ended.code()).isEqualTo(5);
    assertThat(ended.out()).contains("unreadable", "rollup", "backfill");
    assertThat(ended.err()).contains("error: Reading state/runs/");
  }

  @Test
  void aRecordThatCannotBeWrittenIsAWarningAndTheRunIsDone() throws IOException {
    // A file stands where the directory of the records would be.
    Files.createDirectories(cli.store().resolve("state"));
    Files.writeString(cli.store().resolve("state/runs"), "");
    EndToEnd.Ended ended = cli.run(backfill()).done();
    assertThat(ended.err())
        .contains("The record of this run could not be written; the run itself is not affected: ");
    cli.run("incremental").done();
    assertThat(SmallMarket.objects(cli.store())).containsKeys("summary.json", "state/cursor.json");
    node.close();
    assertThat(cli.run("incremental").failed(3, "error: ").err())
        .as("the run's own failure is told, not the record's")
        .contains("127.0.0.1");
  }

  /** Just when somebody looks at it. */
  @Test
  void aRecordThatCannotBeWrittenStopsNoStatus() {
    onS3(
        s3 -> {
          cli.run(backfill()).done();
          assertThat(s3.objects()).doesNotContainKey("x/status.json");
          node.close();
          s3.inject(S3Fault.answer(S3Operation.PUT, 403, "AccessDenied"));
          assertThat(cli.run("incremental").failed(3, "127.0.0.1").err())
              .contains("The record of this run could not be written")
              .doesNotContain("status.json could not be published");
          assertThat(s3.objects()).containsKey("x/status.json");
        });
  }

  /** What it met is a failure of the run, not of what it was asked. */
  @Test
  void aWrongChainIsAFailedRun() {
    cli.with("NETWORK", "arbitrum-one");
    cli.run(backfill()).failed(2, "42161");
    assertThat(texts(runs(""), "outcome")).containsExactly("failed");
  }

  /** However many runs there are, as many objects are read as are shown, and the cursor. */
  @Test
  void aListReadsOnlyWhatItShows() {
    onS3(
        s3 -> {
          cli.run(backfill()).done();
          for (int i = 0; i < 2; i++) {
            cli.run("rollup").done();
          }
          int before = s3.requestCount();
          cli.run("runs --last 2").done();
          List<String> asked =
              s3.requests().subList(before, s3.requestCount()).stream()
                  .map(exchange -> exchange.operation().name())
                  .toList();
          assertThat(asked).as("the cursor too").containsExactly("LIST", "GET", "GET", "GET");
        });
  }

  /** 400 days are about fifty lists. */
  @Test
  void nothingIsListedAfterTheRunWithExactlyThisId() {
    onS3(
        s3 -> {
          cli.run(backfill()).done();
          String id = runs("").get(0).path("id").asText();
          int before = s3.requestCount();
          cli.run("runs show " + id).done();
          assertThat(s3.requestCount() - before).isLessThanOrEqualTo(3);
        });
  }

  private void onS3(java.util.function.Consumer<StrictS3Server> test) {
    try (StrictS3Server s3 = StrictS3Server.start("bucket")) {
      cli.with("STORE", "s3://bucket/x/").with("AWS_ENDPOINT_URL", s3.endpoint().toString());
      Credentials.whileSet(() -> test.accept(s3));
    }
  }
}
