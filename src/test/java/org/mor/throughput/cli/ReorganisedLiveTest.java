package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.contract.SessionId;
import org.mor.throughput.testing.AnvilNode;
import org.web3j.crypto.Hash;

/**
 * A real node that reorganises 1 to 30 blocks, thirty times, while clients of each stage listen.
 */
class ReorganisedLiveTest {
  private static final int DEEPEST = 30;
  private static final Address PROVIDER = Address.fromHex("0x" + "c1".repeat(20));
  private static final Hash32 MODEL = Hash32.fromHex("0x" + "3d".repeat(32));
  private static final String EVENTS =
      "v1/ws?events=SessionOpened,SessionClosed,SessionRetracted,BlockStage&min_stage=";
  private static final Hash32 BID = AnvilNode.bidId(PROVIDER, MODEL, 0);

  private int users;

  /** Opens a session; returns its id where the chain has so many before it. */
  private Hash32 open(AnvilNode node, int before) throws Exception {
    byte[] seed = {(byte) (users >> 8), (byte) users++};
    Address user = Address.of(java.util.Arrays.copyOf(Hash.sha3(seed), 20));
    node.open(user, BID, 1_000, 3_600);
    return SessionId.of(user, PROVIDER, BID, before);
  }

  private static void close(AnvilNode node, Hash32 session) throws Exception {
    node.close(session, Bytes.EMPTY, 0, 1);
  }

  /** What a client of one stage was told. */
  private static final class Told {
    private final LiveProcess.Client client;
    private final Map<Long, String> events = new LinkedHashMap<>();
    private int retracted;

    Told(LiveProcess live, String stage) throws InterruptedException {
      client = live.listen(EVENTS + stage);
      assertThat(client.next().path("mode").asText()).isEqualTo("snapshot");
    }

    /** Hears until blocks up to this one have a stage. */
    void until(String stage, long block) throws InterruptedException {
      for (boolean is = false; !is; ) {
        JsonNode message = client.next();
        hear(message);
        is =
            message.path("event_name").asText().equals("BlockStage")
                && message.path("commit_stage").asText().equals(stage)
                && message.path("block_number").asLong() >= block;
      }
    }

    private void hear(JsonNode message) {
      switch (message.path("event_name").asText()) {
        case "SessionOpened", "SessionClosed" ->
            events.put(message.path("server_seqno").asLong(), position(message));
        case "SessionRetracted" -> {
          long seqno = message.at("/payload/retracted_seqno").asLong();
          assertThat(events.remove(seqno)).as(message.toString()).isEqualTo(position(message));
          retracted++;
        }
        default -> {}
      }
    }

    private static String position(JsonNode message) {
      return "%d:%d"
          .formatted(message.path("block_number").asLong(), message.path("log_index").asLong());
    }
  }

  @Test
  void retractionsReachWhoWasToldAndNobodyElse(@TempDir Path home) throws Exception {
    try (AnvilNode node = AnvilNode.start()) {
      node.bid(PROVIDER, MODEL, 1_000, 0);
      node.rpc("anvil_mine", "0x64");
      Map<String, String> settings =
          Map.of(
              "DIAMOND_ADDRESS",
              node.contract(),
              "START_BLOCK",
              "1",
              "BASE_RPC_URL",
              node.url(),
              "SAFETY_LAG_BLOCKS",
              "0");
      try (LiveProcess live = LiveProcess.start(home, settings)) {
        Told proposed = new Told(live, "proposed");
        Told safe = new Told(live, "safe");
        Told last = new Told(live, "finalized");
        int gone = 0;
        int closed = 0;
        @Nullable Hash32 kept = null;
        for (int depth = 1; depth <= DEEPEST; depth++) {
          for (int i = 1; i < depth; i++) {
            open(node, depth + i);
          }
          if (kept == null) {
            open(node, 0);
          } else {
            close(node, kept);
          }
          proposed.until("proposed", head(node));
          node.rpc("anvil_reorg", depth, new Object[0]);
          gone += depth;
          if (kept != null && depth % 2 == 0) {
            close(node, kept); // Once more, or never again.
            closed++;
          }
          kept = open(node, depth - 1);
          proposed.until("proposed", head(node));
          assertThat(proposed.retracted).isEqualTo(gone);
        }
        long end = head(node);
        node.rpc("anvil_mine", "0x64");
        safe.until("safe", end);
        last.until("finalized", end);

        List<String> truth = logs(node);
        assertThat(truth).hasSize(DEEPEST + closed);
        assertThat(proposed.events.values()).containsExactlyElementsOf(truth);
        assertThat(safe.events.values()).containsExactlyElementsOf(truth);
        assertThat(last.events.values()).containsExactlyElementsOf(truth);
        assertThat(safe.retracted + last.retracted).isZero();
      }
    }
  }

  private static long head(AnvilNode node) throws Exception {
    return Long.decode(node.rpc("eth_blockNumber").asText());
  }

  /** What the node itself says was opened and closed. */
  private static List<String> logs(AnvilNode node) throws Exception {
    List<String> positions = new ArrayList<>();
    List<String> topics = SessionEvent.topics().stream().map(Hash32::toHex).toList();
    for (JsonNode log :
        node.rpc(
            "eth_getLogs",
            Map.of("fromBlock", "0x0", "toBlock", "latest", "topics", List.of(topics)))) {
      positions.add(
          "%d:%d"
              .formatted(
                  Long.decode(log.path("blockNumber").asText()),
                  Long.decode(log.path("logIndex").asText())));
    }
    return positions;
  }
}
