package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.live.Message.Draft;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.StoreException.StoreUnavailableException;

/** A server that runs for days, begins with an empty store, or has endpoints that disagree. */
class LongStreamTest {
  private static final int FILLERS = 1_000;

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  Path directory;

  private static List<Draft> fillers() {
    List<Draft> fillers = new ArrayList<>();
    for (int i = 0; i < FILLERS; i++) {
      fillers.add(
          Draft.of(
              EventName.THROUGHPUT,
              null,
              1,
              -1,
              null,
              1,
              JsonNodeFactory.instance.objectNode(),
              ""));
    }
    return fillers;
  }

  /** The events of a stage in all messages there are. */
  private static List<String> events(LiveWorld world, Stage stage) {
    return world.server.hub().kept().stream()
        .map(kept -> kept.message())
        .filter(one -> one.key() != null && one.key().name().isOfBlock())
        .filter(one -> one.key() != null && one.key().stage() == stage)
        .map(one -> one.draft(""))
        .map(draft -> draft.key().block() + ":" + draft.logIndex())
        .toList();
  }

  @Test
  void aRestartAfterTheOldestMessagesLeftRepeatsNothing() throws IOException {
    try (LiveWorld world = new LiveWorld(directory)) {
      world.step();
      int opened = 0;
      for (int i = 1; i <= 160; i++) {
        world.chain.open(opened++, 1, 1, LiveWorld.START + i, 36_000);
        world.head(LiveWorld.START + i);
        world.server.hub().publish(fillers());
      }
      assertThat(world.server.hub().ring().oldest()).isGreaterThan(25_000);
      List<String> before = events(world, Stage.PROPOSED);
      assertThat(before.size()).as("the oldest left").isBetween(1, 159);
      for (int restart = 1; restart <= 2; restart++) {
        world.restart();
        long head = LiveWorld.START + 160 + restart;
        world.chain.open(opened++, 1, 1, head, 36_000);
        world.head(head);
        assertThat(events(world, Stage.PROPOSED))
            .doesNotHaveDuplicates()
            .startsWith(before.toArray(String[]::new))
            .hasSize(before.size() + restart);
      }
      world.head(LiveWorld.START + 300);
      for (Stage stage : List.of(Stage.SAFE, Stage.FINALIZED)) {
        assertThat(events(world, stage)).doesNotHaveDuplicates();
      }
      assertThat(events(world, Stage.FINALIZED))
          .endsWith("%d:%d".formatted(LiveWorld.START + 162, 2 * (opened - 1)));
    }
  }

  @Test
  void whereNothingBecameFinalInAllThatIsKeptClientsGetASnapshot() throws IOException {
    try (LiveWorld world = new LiveWorld(directory)) {
      world.step();
      for (int i = 0; i < 130; i++) {
        world.server.hub().publish(fillers());
      }
      long newest = world.server.hub().ring().newest();
      world.restart();
      world.step();
      try (Ears ears = world.listen("/v1/ws?resume_from=" + newest)) {
        assertThat(ears.next().path("mode").asText()).isEqualTo("snapshot");
      }
      assertThat(world.server.hub().ring().oldest()).isGreaterThan(newest + 1);
    }
  }

  @Test
  void aStoreThatFillsLaterMakesTheMarketWhole() throws Exception {
    LiveWorld.TaggedChain chain = new LiveWorld.TaggedChain(LiveWorld.START);
    for (int i = 0; i < 5; i++) {
      chain.open(i, 1, 1, 900 + i, 360_000);
    }
    try (LiveWorld world =
        new LiveWorld(directory, chain, new MemoryObjectStore(), LiveWorld.config(true, 100))) {
      world.step();
      assertThat(world.json("/v1/contention").path("open_sessions").asInt()).isZero();
      world.index();
      for (int i = 0; i < 7; i++) { // Of ten seconds each.
        world.step();
      }
      assertThat(world.json("/v1/contention").path("open_sessions").asInt()).isEqualTo(5);
      world.chain.open(5, 1, 1, 1_001, 360_000);
      world.head(1_001);
      assertThat(world.json("/v1/contention").path("open_sessions").asInt()).isEqualTo(6);
    }
  }

  @Test
  void aStoreThatStaysBehindIsAskedOnceAMinuteAndItsFailureCostsNoEvent() throws Exception {
    try (LiveWorld world = new LiveWorld(directory)) {
      for (int i = 0; i < 8; i++) { // Past the first minute, in which nobody asks again.
        world.step();
      }
      int before = world.ledgers.get();
      for (int i = 0; i < 4; i++) {
        world.step();
      }
      assertThat(world.ledgers).as("in the next forty seconds").hasValue(before);
      world.storeIsAway = true;
      world.chain.open(1, 1, 1, 1_001, 3_600);
      world.chain.head(1_001);
      int failed = 0;
      for (int i = 0; i < 6; i++) {
        try {
          world.step();
        } catch (StoreUnavailableException e) {
          failed++;
        }
      }
      assertThat(failed).as("in a minute").isEqualTo(1);
      assertThat(events(world, Stage.PROPOSED)).containsExactly("1001:0");
    }
  }

  /** A node whose safe block is of another chain while a test says so. */
  private static final class TwoChains extends LiveWorld.TaggedChain {
    private @Nullable Hash32 other;

    TwoChains() {
      super(LiveWorld.START);
    }

    @Override
    public BlockHeader head(HeadTag tag) {
      BlockHeader head = super.head(tag);
      return tag == HeadTag.SAFE && other != null
          ? new BlockHeader(head.number(), other, head.timestamp())
          : head;
    }
  }

  @Test
  void endpointsOnTwoChainsAreSaidAndNothingIsCalledSafe() throws Exception {
    TwoChains chain = new TwoChains();
    try (LiveWorld world =
        new LiveWorld(directory, chain, new MemoryObjectStore(), LiveWorld.config(true, 100))) {
      world.step();
      for (long head = 1_001; head <= 1_060; head++) {
        world.head(head);
      }
      long safe = world.json("/v1/status").path("safe_block").asLong();
      chain.other = LiveWorld.word(0xbad);
      chain.head(1_061);
      assertThatThrownBy(world::step)
          .isInstanceOf(ChainContradictionException.class)
          .hasMessageContaining("endpoints are on different chains", "next: ");
      chain.other = null;
      world.head(1_062);
      assertThat(world.json("/v1/status").path("safe_block").asLong()).isEqualTo(safe + 2);
    }
  }

  @Test
  void aHandshakeThatFailsKeepsNoPlace() throws Exception {
    try (LiveWorld world =
        new LiveWorld(
            directory,
            new LiveWorld.TaggedChain(LiveWorld.START),
            new MemoryObjectStore(),
            LiveWorld.config(true, 2))) {
      world.step();
      for (String wrong : List.of("?events=a|b", "?x={\"", "?a=^")) {
        for (int i = 0; i < 3; i++) {
          assertThat(upgrade(world, wrong))
              .as(wrong)
              .isIn("HTTP/1.1 400 Bad Request", "HTTP/1.1 101 Switching Protocols");
        }
      }
      try (Ears ears = world.listen("/v1/ws")) {
        assertThat(ears.next().path("type").asText()).isEqualTo("resume");
      }
    }
  }

  private static String upgrade(LiveWorld world, String query) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), world.address().getPort())) {
      String asked =
          "GET /v1/ws%s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
      socket.getOutputStream().write(asked.formatted(query).getBytes(StandardCharsets.ISO_8859_1));
      StringBuilder first = new StringBuilder();
      for (int read; (read = socket.getInputStream().read()) >= 0 && read != '\r'; ) {
        first.append((char) read);
      }
      return first.toString();
    }
  }
}
