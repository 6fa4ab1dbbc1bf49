package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.adapter.rpc.RpcChainReader;
import org.mor.throughput.adapter.rpc.RpcOptions;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.base.Patience;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.ReplayNode;
import org.mor.throughput.testing.VirtualTime;
import org.mor.throughput.testing.Worlds;

/**
 * The real contract's recording, followed from a node that lags, fails and leaves logs out: what is
 * final in the stream is what a backfill stores, event for event and field for field.
 */
class RecordedStreamTest {
  private static final long START = 37_000_000;
  private static final long STEP = 650;

  /** The recording ends there. */
  private static final long RECORDED = START + 8_700;

  private static final NetworkId NETWORK =
      new NetworkId("base", Address.fromHex("0x6aBE1d282f72B474E54527D93b979A4f64d3030a"));
  private static final IndexSettings SETTINGS =
      new IndexSettings(
          "base",
          8453,
          new Diamond(NETWORK.diamond()),
          OptionalLong.of(START),
          IndexSettings.Confirmation.FINALIZED,
          20,
          200,
          4_000,
          200);
  private static final Payloads PAYLOADS = new Payloads(true, true, UserPrivacy.plain());

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  Path directory;

  private static ChainReader chain(ReplayNode node) {
    RpcOptions options = RpcOptions.defaults().withRequestTimeout(Duration.ofSeconds(10));
    return RpcChainReader.open(
        List.of(node.url()), 8453, options, new VirtualTime(), new Random(1));
  }

  private static Ledger ledger(MemoryObjectStore store) {
    return new Ledger(
        store,
        UserPrivacy.plain(),
        Patience.none(),
        NETWORK,
        new Ledger.Run("test", () -> java.time.Instant.EPOCH));
  }

  /** What a calm backfill stores, as events. */
  private static List<JsonNode> stored(long until) throws Exception {
    MemoryObjectStore store = new MemoryObjectStore();
    try (ReplayNode node = ReplayNode.start()) {
      Backfill backfill = new Backfill(Worlds.reader(chain(node), SETTINGS), ledger(store));
      backfill.run(
          backfill.plan(new Backfill.Request(START, OptionalLong.of(until), false)),
          RunBudget.unlimited(),
          ScanListener.none());
    }
    List<SessionRow> rows = new ArrayList<>();
    for (Month month : ledger(store).rows().months()) {
      ledger(store).rows().forEachOpen(month, rows::add);
      ledger(store).rows().forEachClose(month, rows::add);
    }
    rows.sort(java.util.Comparator.comparing(SessionRow::position));
    List<JsonNode> events = new ArrayList<>();
    for (SessionRow row : rows) {
      Message message = PAYLOADS.event(row, Stage.FINALIZED).numbered(0);
      events.add(Message.tree(message.json()));
    }
    return events;
  }

  @Test
  void theFinalStreamIsTheStoresRows() throws Exception {
    try (ReplayNode node =
        ReplayNode.start(
            "--lag",
            "30",
            "--max-range",
            "2000",
            "--seed",
            "5",
            "--faults",
            "{\"http429\":0.02,\"http503\":0.02,\"garbage\":0.01,\"rpcError\":0.02,\"reset\":0.01,\"dropLogs\":0.1}")) {
      node.head(START + 900);
      MemoryObjectStore store = new MemoryObjectStore();
      AtomicLong clock = new AtomicLong();
      ChainReader chain = chain(node);
      LiveServer.Parts parts =
          new LiveServer.Parts(
              LiveWorld.config(true, 100),
              SETTINGS,
              chain,
              chain,
              Worlds.reader(chain, SETTINGS),
              store,
              () -> ledger(store),
              UserPrivacy.plain(),
              new Redactor(),
              directory,
              () -> 0,
              clock::get);
      try (LiveServer server = LiveServer.still(parts, "127.0.0.1", 0)) {
        step(server, clock);
        try (Ears ears =
            Ears.open(
                java.net.URI.create(
                    server.address().toString().replace("http", "ws")
                        + "v1/ws?min_stage=finalized&events=SessionOpened,SessionClosed,BlockStage"))) {
          long last = START + 8_250;
          for (long head = START + 900; head <= RECORDED; head += STEP) {
            node.head(head);
            step(server, clock);
          }
          node.control("{\"faults\":{},\"lag\":0}");
          step(server, clock);
          List<JsonNode> heard = new ArrayList<>();
          for (JsonNode message : ears.untilStage("finalized", last)) {
            boolean counts =
                message.path("event_name").asText().startsWith("Session")
                    && message.path("block_number").asLong() <= last;
            if (counts) {
              ((com.fasterxml.jackson.databind.node.ObjectNode) message).remove("server_seqno");
              heard.add(message);
            }
          }
          List<JsonNode> expected = stored(last);
          long first = heard.get(0).path("block_number").asLong();
          expected.removeIf(event -> event.path("block_number").asLong() <= START + 500);
          assertThat(first).isGreaterThan(START + 500);
          assertThat(heard).hasSizeGreaterThan(100);
          assertThat(heard).isEqualTo(expected);
        }
      }
    }
  }

  /** A step that fails is done again, as the server does. */
  private static void step(LiveServer server, AtomicLong clock) {
    for (int attempt = 0; attempt < 50; attempt++) {
      clock.addAndGet(10_000);
      try {
        server.step();
        return;
      } catch (ChainException e) {
        assertThat(attempt).as(e.getMessage()).isLessThan(49);
      }
    }
  }
}
