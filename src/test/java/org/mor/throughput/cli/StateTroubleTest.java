package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.archive.UnsafeReadings;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;

/** What an operator sees whose endpoint does not give the contract's state. */
class StateTroubleTest {
  private static SimulatedMarket market;
  private static SimulatedNode node;
  private Path home;
  private EndToEnd cli;

  @BeforeAll
  static void startNode() {
    market = SmallMarket.create();
    node = SmallMarket.serve(market);
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @BeforeEach
  void configure(@TempDir Path temp) {
    home = temp;
    cli = new EndToEnd(home).with("START_BLOCK", Long.toString(market.startBlock()));
  }

  private static String backfill() {
    return "backfill --start-block " + market.startBlock();
  }

  /** As {@code geth --rpc.gascap 300000} says it: no getter of a session has the gas. */
  private static void smallGasCap(JsonNode call, ObjectNode answer) {
    if (call.path("method").asText().equals("eth_call") && call.toString().contains("39b240bd")) {
      answer.remove("result");
      answer
          .putObject("error")
          .put("code", 3)
          .put("message", "execution reverted")
          .put("data", "0x");
    }
  }

  @Test
  void aSmallGasCapIsNamed() {
    try (FaultyNode capped =
        new FaultyNode(node.url(), FaultyNode.lying(StateTroubleTest::smallGasCap))) {
      cli.node(capped.url())
          .run(backfill())
          .failed(5, "getSession(", "reverted", "gas cap for eth_call (geth: --rpc.gascap)");
      assertThat(cli.run("doctor").out())
          .containsPattern("127.0.0.1 +gas +ACT")
          .contains("geth: --rpc.gascap");
    }
    assertThat(SmallMarket.objects(cli.store()).keySet()).noneMatch(n -> n.startsWith("raw/"));
  }

  @Test
  void besideASmallGasCapTheNextEndpointIsAsked() {
    try (FaultyNode capped =
        new FaultyNode(node.url(), FaultyNode.lying(StateTroubleTest::smallGasCap))) {
      cli.with(
          "BASE_RPC_URL", EndToEnd.keyed(capped.url()) + "," + EndToEnd.keyed(node.url() + "/b"));
      cli.run(backfill()).done();
    }
    EndToEnd calm =
        new EndToEnd(home.resolve("undisturbed"))
            .with("START_BLOCK", Long.toString(market.startBlock()))
            .node(node.url());
    calm.run(backfill()).done();
    SmallMarket.assertSame(SmallMarket.objects(cli.store()), SmallMarket.objects(calm.store()));
  }

  /** Has dropped the state of all but the newest 128 blocks. */
  private static void pruned(JsonNode call, ObjectNode answer) {
    String method = call.path("method").asText();
    int at = method.equals("eth_getStorageAt") ? 2 : 1;
    String block = call.path("params").path(at).asText();
    if (method.matches("eth_(call|getCode|getStorageAt)")
        && block.startsWith("0x")
        && Long.decode(block) < market.head() - 127) {
      answer.remove("result");
      answer
          .putObject("error")
          .put("code", -32000)
          .put("message", "missing trie node 5e5f (path )");
    }
  }

  @Test
  void aSafeHeadDeeperThanTheStateThatIsKeptIsIndexedAllTheSame() throws Exception {
    cli.with("SAFETY_LAG_BLOCKS", "300");
    try (FaultyNode pruned =
        new FaultyNode(node.url(), FaultyNode.lying(StateTroubleTest::pruned))) {
      cli.node(pruned.url());
      cli.run(backfill()).done();
      cli.run("incremental").done();
      cli.run("rollup --stuck").done();

      assertThat(cli.run("status").done().out()).contains("proof      partial");
      EndToEnd.Ended doctor = cli.run("doctor");
      assertThat(doctor.code()).isEqualTo(1);
      assertThat(doctor.out())
          .containsPattern("127.0.0.1 +safe head +ACT +the state of block " + (market.head() - 300))
          .contains("lower SAFETY_LAG_BLOCKS", "CONFIRMATION=blocks");
      EndToEnd.Ended verify = cli.run("verify");
      assertThat(verify.code()).isEqualTo(3);
      assertThat(verify.out() + verify.err()).contains("SAFETY_LAG_BLOCKS", "CONFIRMATION=blocks");
    }
    assertThat(Files.readString(cli.store().resolve(UnsafeReadings.KEY.value())))
        .isEqualTo(
            "{\"version\":1,\"first\":%d,\"last\":%d}"
                .formatted(market.head() - 299, market.head() - 127));
    cli.node(node.url()).run("verify").done();
  }

  @Test
  void whereNoStateIsLeftTheTwoSettingsAreNamed() {
    FaultyNode.Lie none =
        (call, answer) -> {
          if (call.path("method").asText().matches("eth_(call|getCode)")
              && call.path("params").path(1).asText().startsWith("0x")) {
            answer.remove("result");
            answer
                .putObject("error")
                .put("code", -32000)
                .put("message", "missing trie node 5e5f (path )");
          }
        };
    try (FaultyNode empty = new FaultyNode(node.url(), FaultyNode.lying(none))) {
      cli.node(empty.url())
          .run(backfill())
          .failed(3, "missing trie node", "SAFETY_LAG_BLOCKS", "CONFIRMATION=blocks", "next: ");
    }
  }

  @Test
  void anEndpointThatCountsAtItsNewestBlockCannotProve() {
    long all = opensInAll();
    cli.node(node.url()).run(backfill() + " --end-block " + (market.head() - 200_000)).done();
    String kept = SmallMarket.objects(cli.store()).get("state/proof.json");
    FaultyNode.Lie newest =
        (call, answer) -> {
          if (call.path("method").asText().equals("eth_getStorageAt")) {
            answer.put("result", "0x%064x".formatted(all));
          }
        };
    try (FaultyNode lying = new FaultyNode(node.url(), FaultyNode.lying(newest))) {
      cli.node(lying.url());
      EndToEnd.Ended verify = cli.run("verify");
      assertThat(verify.code()).isEqualTo(3);
      assertThat(verify.out() + verify.err())
          .contains("eth_getStorageAt says %d opens for block".formatted(all), "cannot prove")
          .doesNotContain("gap at nonce");
      assertThat(SmallMarket.objects(cli.store())).containsEntry("state/proof.json", kept);
      assertThat(cli.run("rollup --stuck").done().err())
          .contains("The proof says partial: eth_getStorageAt says", "cannot prove");
      assertThat(cli.run("doctor").out())
          .containsPattern("127.0.0.1 +old questions +ACT +eth_getStorageAt of block")
          .contains("this endpoint cannot prove anything");
    }
  }

  private long opensInAll() {
    EndToEnd whole =
        new EndToEnd(home.resolve("whole"))
            .with("START_BLOCK", Long.toString(market.startBlock()))
            .node(node.url());
    whole.run(backfill()).done();
    JsonNode proof = JsonLines.parse(whole.run("status --json").done().out()).path("proof");
    assertThat(proof.path("state").asText()).isEqualTo("proven");
    return proof.path("proven").asLong();
  }
}
