package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.mor.throughput.cli.JsonLines.parse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.demo.LegacyRows;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.session.Month;

/**
 * {@code verify} as an operator runs it: what it says, its exit code, and that it changes nothing.
 */
class VerifyPathTest {
  private static final String CLOSES = "raw/closes/2026-06.ndjson.gz";

  private static SimulatedMarket market;
  private static SimulatedNode node;
  private static Map<String, String> indexed;
  private EndToEnd cli;

  @BeforeAll
  static void indexOnce(@TempDir Path temp) {
    market = SmallMarket.create();
    node = SmallMarket.serve(market);
    EndToEnd once = configured(temp);
    once.run("backfill --start-block " + market.startBlock()).done();
    once.run("rollup --stuck").done();
    indexed = SmallMarket.objects(once.store());
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @BeforeEach
  void copy(@TempDir Path temp) throws IOException {
    cli = configured(temp);
    for (Map.Entry<String, String> object : indexed.entrySet()) {
      Path file = cli.store().resolve(object.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, HexFormat.of().parseHex(object.getValue()));
    }
  }

  private static EndToEnd configured(Path home) {
    return new EndToEnd(home)
        .with("START_BLOCK", Long.toString(market.startBlock()))
        .node(node.url());
  }

  @Test
  void aSoundStoreEndsWithZeroAndIsLeftAsItWas() {
    Map<String, String> before = SmallMarket.objects(cli.store());
    cli.with(
        "BASE_RPC_URL",
        EndToEnd.keyed(node.url())
            + ","
            + EndToEnd.keyed(node.url().replace("127.0.0.1", "localhost")));

    EndToEnd.Ended ended = cli.run("verify --seed 7").done();

    assertThat(ended.out())
        .contains("seed    7", "No difference.", "20 rows read again", "second endpoint, localhost")
        .contains("2026-06  closes")
        .doesNotContain("differs", "not checked");
    assertThat(SmallMarket.objects(cli.store())).isEqualTo(before);
    assertThat(cli.node(node.url()).run("verify").done().out())
        .contains("the only endpoint: no second opinion");
  }

  @Test
  void withoutAnEndpointItSaysWhatWasNotChecked() {
    EndToEnd.Ended ended = cli.without("BASE_RPC_URL").run("verify").done();

    assertThat(ended.out())
        .containsPattern("a sample agrees with the chain +not checked +no endpoint is configured")
        .contains("No difference; 2 checks could not be made.");
  }

  @Test
  void aDeadEndpointEndsWithThreeAfterEverythingElse() {
    EndToEnd.Ended ended = cli.node("http://127.0.0.1:1").run("verify");

    assertThat(ended.code()).as(ended.toString()).isEqualTo(3);
    assertThat(ended.out()).containsPattern("summary.json +ok");
    assertThat(ended.err()).contains("error: ", "refused", "next: ");
  }

  @Test
  void aDifferenceEndsWithOneAndIsNamed() throws IOException {
    Path daily = cli.store().resolve("rollup/daily.json");
    Files.writeString(daily, Files.readString(daily).replaceFirst("\"tokens\":", "\"tokens\":1"));

    EndToEnd.Ended ended = cli.without("BASE_RPC_URL").run("verify");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out())
        .containsPattern(
            "rollup/daily.json: buckets\\[2026-0\\d-\\d\\d\\].tokens is 1\\d*, expected")
        .contains("There are differences", "docs/verify.md");
    JsonNode json = parse(cli.run("verify --json").out());
    assertThat(json.path("differs").asBoolean()).isTrue();
    assertThat(json.path("checks").findValuesAsText("outcome")).contains("differs", "ok");
  }

  @Test
  void aDamagedPartitionEndsWithFiveAfterEverythingElse() throws IOException {
    Path closes = cli.store().resolve(CLOSES);
    byte[] body = Files.readAllBytes(closes);
    body[body.length / 2] ^= 0x10;
    Files.write(closes, body);

    EndToEnd.Ended ended = cli.without("BASE_RPC_URL").run("verify");

    assertThat(ended.code()).isEqualTo(5);
    assertThat(ended.out()).containsPattern("rows can be read +damaged").contains("2026-05  opens");
    assertThat(ended.err()).contains("error: ", CLOSES, "next: restore an older version");
  }

  @Test
  void rowsOfTheEarlierIndexerAreCountedAndNoDifference() throws IOException {
    List<String> legacy = LegacyRows.closes(market, Month.parse("2026-06"));
    Files.write(
        cli.store().resolve(CLOSES), OperatorPathTest.gzip(String.join("\n", legacy) + "\n"));
    cli.run("rollup --stuck").done();

    EndToEnd.Ended ended = cli.without("BASE_RPC_URL").run("verify");

    assertThat(ended.out()).contains("%d of them of the earlier indexer".formatted(legacy.size()));
    assertThat(ended.out()).containsPattern("summary.json +ok");
  }

  @Test
  void theDocumentedShellGivesTheSameDigests() throws IOException, InterruptedException {
    JsonNode digests = parse(cli.run("verify --sample 0 --json").done().out()).path("digests");
    assertThat(digests).hasSizeGreaterThanOrEqualTo(4);
    String recipe = recipe();
    for (JsonNode one : List.of(digests.get(0), digests.get(digests.size() - 1))) {
      String file =
          "raw/%s/%s.ndjson.gz".formatted(one.path("kind").asText(), one.path("month").asText());
      assertThat(one.path("rows").asInt()).isPositive();
      assertThat(shell(recipe + "\nmonth_digest " + cli.store().resolve(file)))
          .as(file)
          .isEqualTo(one.path("digest").asText());
    }
  }

  @Test
  void suspectRowsAreNamedAndChangeNoExitCode() throws IOException {
    String session = "0x" + "7".repeat(64);
    Files.writeString(
        cli.store().resolve("state/suspects.json"),
        "{\"version\":1,\"hasMore\":false,\"rows\":[{\"kind\":\"closes\",\"month\":\"2026-06\",\"sessionId\":\"%s\",\"block\":7,\"why\":\"other-state\"}]}"
            .formatted(session));

    EndToEnd.Ended ended = cli.run("verify --seed 7").done();

    assertThat(ended.out())
        .containsPattern("no row is suspect +suspect \\(1\\) +1 rows that the chain may no longer")
        .contains("  session %s in %s of block 7 (the contract's state".formatted(session, CLOSES))
        .contains("No difference; 1 suspect rows are listed, see docs/operations.md.");
    JsonNode json = parse(cli.run("verify --json").done().out());
    assertThat(json.path("differs").asBoolean()).isFalse();
    assertThat(json.path("suspectRows").intValue()).isEqualTo(1);
    assertThat(json.path("checks").findValuesAsText("outcome")).contains("suspect");
    assertThat(json.path("checks").findValues("notes").toString()).contains(session);
  }

  private static String recipe() throws IOException {
    Matcher block =
        Pattern.compile("```sh\n(month_digest\\(\\) \\{.*?\n\\})\n", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/verify.md")));
    assertThat(block.find()).as("the recipe in docs/verify.md").isTrue();
    return block.group(1);
  }

  private static String shell(String script) throws IOException, InterruptedException {
    for (String tool : List.of("zcat", "jq", "sha256sum")) {
      Process which = new ProcessBuilder("sh", "-c", "command -v " + tool).start();
      assumeTrue(which.waitFor() == 0, tool + " is not installed");
    }
    Process process = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out.strip();
  }
}
