package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.adapter.rpc.RpcChainReader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;

/** Two endpoints that do not give the same logs, from the command to the store. */
class SecondOpinionPathTest {
  private static final String NOBODY = "0x" + "00".repeat(12) + "aa".repeat(20);
  private static SimulatedMarket market;
  private static SimulatedNode node;
  private static List<RawLog> events;
  private EndToEnd cli;
  private EndToEnd calm;

  @BeforeAll
  static void startNode() {
    market = SmallMarket.create();
    node = SmallMarket.serve(market);
    events = readEvents();
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @BeforeEach
  void configure(@TempDir Path home) {
    String start = Long.toString(market.startBlock());
    cli = new EndToEnd(home.resolve("two")).with("START_BLOCK", start);
    calm = new EndToEnd(home.resolve("one")).with("START_BLOCK", start).node(node.url());
  }

  @Test
  void anEndpointThatLeavesEveryLogOutCostsNoRow() {
    String backfill = "backfill --start-block " + market.startBlock();
    calm.run(backfill).done();
    try (FaultyNode omitting = new FaultyNode(node.url(), FaultyNode.lying(this::omit))) {
      EndToEnd.Ended ended = two(omitting.url(), node.url()).run(backfill + " --json").done();

      JsonNode opinions = JsonLines.parse(ended.out()).at("/rpc/secondOpinions");
      // What it was asked for before its first omission showed.
      assertThat(opinions.path("disagreed").asLong()).isBetween(1L, 8L);
      assertThat(opinions.path("httpRequests").asLong()).isPositive();
      assertThat(ended.err()).contains("gives no logs for blocks", "127.0.0.1");
    }
    SmallMarket.assertSame(SmallMarket.objects(cli.store()), SmallMarket.objects(calm.store()));
  }

  @Test
  void anInventedSessionDoesNotBecomeARow() {
    BlockRange quiet = quietBlocks();
    try (FaultyNode inventing =
        new FaultyNode(
            node.url(),
            FaultyNode.lying(
                (call, answer) ->
                    addLog(call, answer, quiet.first() + 5, "0x" + "bb".repeat(32), NOBODY)))) {
      two(node.url(), inventing.url())
          .run(backfill(quiet))
          .failed(3, "bbbb", "reads as not written yet", "never happened");
    }
    assertThat(SmallMarket.objects(cli.store())).isEmpty();
  }

  @Test
  void aRealEventInAWrongPlaceDoesNotBecomeARow() {
    BlockRange quiet = quietBlocks();
    RawLog real = events.get(0);
    try (FaultyNode inventing =
        new FaultyNode(
            node.url(),
            FaultyNode.lying(
                (call, answer) ->
                    addLog(
                        call,
                        answer,
                        quiet.first() + 5,
                        real.topics().get(2).toHex(),
                        real.topics().get(3).toHex())))) {
      two(node.url(), inventing.url()).run(backfill(quiet)).failed(5, "is said to be in block");
    }
    assertThat(SmallMarket.objects(cli.store())).isEmpty();
  }

  private EndToEnd two(String first, String second) {
    return cli.with("BASE_RPC_URL", EndToEnd.keyed(first) + "," + EndToEnd.keyed(second));
  }

  private static String backfill(BlockRange range) {
    return "backfill --start-block %d --end-block %d".formatted(range.first(), range.last());
  }

  private void omit(JsonNode call, ObjectNode answer) {
    if (call.path("method").asText().equals("eth_getLogs")) {
      ((ArrayNode) answer.get("result")).removeAll();
    }
  }

  /** An opening, by the user of the first event, that the node behind knows nothing of. */
  private static void addLog(
      JsonNode call, ObjectNode answer, long block, String session, String provider) {
    if (!call.path("method").asText().equals("eth_getLogs")) {
      return;
    }
    RawLog model = events.get(0);
    ObjectNode log = ((ArrayNode) answer.get("result")).addObject();
    log.put("address", model.address().toHex()).put("data", "0x").put("removed", false);
    log.putArray("topics")
        .add(SessionEvent.Kind.OPENED.topic().toHex())
        .add(model.topics().get(1).toHex())
        .add(session)
        .add(provider);
    log.put("blockNumber", "0x" + Long.toHexString(block)).put("logIndex", "0x0");
    log.put("blockHash", "0x" + "cc".repeat(32)).put("transactionHash", "0x" + "dd".repeat(32));
  }

  /** 2,000 blocks in which nothing happens, late enough for something to have happened before. */
  private static BlockRange quietBlocks() {
    for (int i = events.size() - 1; i > 0; i--) {
      long from = events.get(i - 1).position().block() + 1;
      if (events.get(i).position().block() - from > 2_100) {
        return new BlockRange(from, from + 1_999);
      }
    }
    throw new AssertionError("Something happens all the time");
  }

  private static List<RawLog> readEvents() {
    RpcChainReader reader = RpcChainReader.open(List.of(node.url()), 8453);
    LogQuery all =
        new LogQuery(
            SimulatedMarket.DIAMOND,
            SessionEvent.topics(),
            new BlockRange(market.startBlock(), market.head()));
    List<RawLog> logs = new ArrayList<>();
    Optional<BlockRange> rest = Optional.of(all.range());
    while (rest.isPresent()) {
      LogSlice slice = reader.logs(all.over(rest.get()));
      logs.addAll(slice.logs());
      rest = all.range().after(slice.range().last());
    }
    return logs;
  }
}
