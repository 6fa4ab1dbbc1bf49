package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;

/** What an operator sees when the endpoint misbehaves, and what is then in the store: nothing. */
class ChainTroubleTest {
  private static final String MULTICALL3 = "0xca11bde05977b3631167028862be2a173976ca11";
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

  /** The last 200,000 blocks are enough to see how a node is coped with. */
  private String backfill() {
    return "backfill --start-block " + (market.head() - 200_000);
  }

  @Test
  void nobodyListens() {
    cli.node("http://127.0.0.1:1");
    for (String command : new String[] {backfill(), "incremental", "spot-check --recent 5"}) {
      cli.run(command).failed(3, "127.0.0.1", "refused", "next: ");
    }
    assertThat(SmallMarket.objects(cli.store())).isEmpty();
  }

  @Test
  void statusShowsWhatTheStoreHoldsAllTheSame() {
    cli.node(node.url()).run(backfill()).done();
    EndToEnd.Ended ended = cli.node("http://127.0.0.1:1").run("status");
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err()).contains("error: ", "127.0.0.1", "refused", "next: ");
    assertThat(ended.out())
        .contains("cursor     block " + (market.head() - 20), "could not be reached", "2026-06");
    EndToEnd.Ended json = cli.run("status --json");
    assertThat(json.code()).isEqualTo(3);
    assertThat(JsonLines.parse(json.out()).path("cursor").asLong()).isEqualTo(market.head() - 20);
    assertThat(JsonLines.parse(json.out()).path("head").isNull()).isTrue();
  }

  @Test
  void anUnknownHost() {
    cli.node("https://no-such-host.invalid");
    cli.run(backfill()).failed(3, "no-such-host.invalid", "name is not known", "next: ");
  }

  @Test
  void anotherChain() {
    cli.with("NETWORK", "arbitrum-one").node(node.url());
    cli.run(backfill()).failed(2, "127.0.0.1", "8453", "42161", "BASE_RPC_URL", "NETWORK");
    cli.run("spot-check").failed(2, "8453", "42161");
    assertThat(SmallMarket.objects(cli.store())).isEmpty();
  }

  static Stream<Arguments> permanentFaults() {
    return Stream.of(
        Arguments.of("429", FaultyNode.status(429), "HTTP 429"),
        Arguments.of("503", FaultyNode.status(503), "HTTP 503"),
        Arguments.of("401", FaultyNode.status(401), "HTTP 401"),
        Arguments.of("hang", FaultyNode.hang(), "no whole answer within 200 ms"),
        Arguments.of("half answers", FaultyNode.cut(), "next: "));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("permanentFaults")
  void anEndpointThatNeverAnswersWell(String name, FaultyNode.Fault fault, String said) {
    try (FaultyNode faulty = new FaultyNode(node.url(), fault)) {
      cli.node(faulty.url()).within(Duration.ofMillis(name.equals("hang") ? 200 : 10_000));
      cli.run(backfill()).failed(3, "127.0.0.1", said, "next: ");
      assertThat(faulty.requests()).as("tries of " + name).isBetween(1, 20);
    }
    assertThat(SmallMarket.objects(cli.store())).isEmpty();
  }

  @Test
  void theSecondEndpointStandsInForTheFirst() {
    try (FaultyNode faulty = new FaultyNode(node.url(), FaultyNode.status(503))) {
      cli.with(
          "BASE_RPC_URL", EndToEnd.keyed(faulty.url()) + "," + EndToEnd.keyed(node.url() + "/b"));
      cli.run(backfill()).done();
    }
    assertSameAsUndisturbed();
  }

  @Test
  void withoutMulticallBatchesAreUsed() {
    try (FaultyNode faulty = new FaultyNode(node.url(), FaultyNode.lying(this::noMulticall))) {
      cli.node(faulty.url()).run(backfill()).done();
    }
    assertSameAsUndisturbed();
  }

  private void noMulticall(JsonNode call, ObjectNode answer) {
    String method = call.path("method").asText();
    JsonNode params = call.path("params");
    String to = method.equals("eth_getCode") ? params.path(0).asText() : "";
    String called = method.equals("eth_call") ? params.path(0).path("to").asText() : to;
    if (called.equalsIgnoreCase(MULTICALL3)) {
      answer.put("result", "0x");
    }
  }

  @Test
  void withoutBatchesSingleRequestsAreUsedOrItIsSaid() {
    try (FaultyNode faulty = new FaultyNode(node.url(), FaultyNode.noBatch())) {
      EndToEnd.Ended ended = cli.node(faulty.url()).run(backfill());
      assertThat(ended.code()).as(ended.err()).isZero();
    }
    assertSameAsUndisturbed();
  }

  /** It knows the newest head, but has the blocks and logs only up to some thousand before it. */
  @Test
  void logsThatALaggingNodeDoesNotHaveYetAreNotSkipped() {
    long has = market.head() - 5_000;
    FaultyNode.Lie lagging =
        (call, answer) -> {
          JsonNode first = call.path("params").path(0);
          boolean header = call.path("method").asText().equals("eth_getBlockByNumber");
          if (header && first.asText().startsWith("0x") && block(first) > has) {
            answer.putNull("result");
          }
          if (call.path("method").asText().equals("eth_getLogs")) {
            answer.set("result", upTo(answer.path("result"), has));
          }
        };
    try (FaultyNode faulty = new FaultyNode(node.url(), FaultyNode.lying(lagging))) {
      cli.node(faulty.url()).run(backfill()).failed(3, "127.0.0.1", "next: ");
    }
    Map<String, String> afterwards = SmallMarket.objects(cli.store());
    if (!afterwards.isEmpty()) {
      JsonNode status = JsonLines.parse(cli.node(node.url()).run("status --json").done().out());
      assertThat(status.path("cursor").asLong()).isLessThanOrEqualTo(has);
    }
    cli.node(node.url()).run(backfill()).done();
    assertSameAsUndisturbed();
  }

  private static long block(JsonNode hex) {
    return Long.parseLong(hex.asText().substring(2), 16);
  }

  private static JsonNode upTo(JsonNode logs, long last) {
    var kept = FaultyNode.JSON.createArrayNode();
    logs.forEach(
        log -> {
          if (block(log.path("blockNumber")) <= last) {
            kept.add(log);
          }
        });
    return kept;
  }

  @Test
  void aHeaderOfAnotherBlockAtTheCursorStopsEverythingAndSaysHowToRewind() {
    cli.node(node.url()).run(backfill()).done();
    Map<String, String> before = SmallMarket.objects(cli.store());
    FaultyNode.Lie reorganised =
        (call, answer) -> {
          if (answer.path("result").has("hash")) {
            ((ObjectNode) answer.path("result")).put("hash", "0x" + "ab".repeat(32));
          }
        };
    try (FaultyNode faulty = new FaultyNode(node.url(), FaultyNode.lying(reorganised))) {
      cli.node(faulty.url());
      for (String command : new String[] {backfill(), "incremental", "rollup --stuck"}) {
        cli.run(command).failed(5, "has hash 0xabab", "indexer rewind --to-block B");
      }
    }
    assertThat(SmallMarket.objects(cli.store())).isEqualTo(before);
  }

  private void assertSameAsUndisturbed() {
    Path other = home.resolve("undisturbed");
    EndToEnd calm =
        new EndToEnd(other)
            .with("START_BLOCK", Long.toString(market.startBlock()))
            .node(node.url());
    calm.run(backfill()).done();
    Map<String, String> expected = SmallMarket.objects(calm.store());
    SmallMarket.assertSame(SmallMarket.objects(cli.store()), expected);
    assertThat(expected.keySet()).anyMatch(name -> name.startsWith("raw/closes/"));
  }
}
