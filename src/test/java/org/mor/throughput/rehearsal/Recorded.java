package org.mor.throughput.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.mor.throughput.adapter.rpc.RpcChainReader;
import org.mor.throughput.adapter.rpc.RpcOptions;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.archive.Suspect;
import org.mor.throughput.base.Patience;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.index.ScheduledRun;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.testing.StoredRows;
import org.mor.throughput.testing.VirtualTime;
import org.mor.throughput.testing.Worlds;

/** Indexing the recording of the real contract in time that passes only by waiting. */
final class Recorded {
  static final long START = 37_000_000;
  static final NetworkId NETWORK =
      new NetworkId("base", Address.fromHex("0x6aBE1d282f72B474E54527D93b979A4f64d3030a"));
  static final IndexSettings SETTINGS =
      new IndexSettings(
          "base",
          8453,
          new Diamond(NETWORK.diamond()),
          OptionalLong.of(START),
          IndexSettings.Confirmation.BLOCKS,
          20,
          200,
          4_000,
          200);

  private static final ObjectMapper JSON = new ObjectMapper();

  private Recorded() {}

  /** A reader that waits ten seconds for an answer, which no test needs. */
  static ChainReader chain(String url, VirtualTime clock) {
    return chain(url, clock, Duration.ofSeconds(10));
  }

  static ChainReader chain(String url, VirtualTime clock, Duration requestTimeout) {
    RpcOptions options = RpcOptions.defaults().withRequestTimeout(requestTimeout);
    return RpcChainReader.open(List.of(url), 8453, options, clock, new Random(1));
  }

  /** The same with one question at a time, so that all waits are told apart. */
  static ChainReader inTurn(String url, VirtualTime clock) {
    return RpcChainReader.open(
        List.of(url), 8453, RpcOptions.defaults().withInFlight(1), clock, new Random(1));
  }

  static Ledger ledger(ObjectStore store, String run) {
    return new Ledger(
        store,
        UserPrivacy.plain(),
        Patience.none(),
        NETWORK,
        new Ledger.Run(run, () -> Instant.EPOCH));
  }

  /** Scans what is not covered, up to the safe head. */
  static void backfill(ChainReader chain, Ledger ledger) {
    backfill(chain, ledger, new Backfill.Request(START, OptionalLong.empty(), false));
  }

  /** Scans everything from a block on, up to the safe head. */
  static void rescan(ChainReader chain, Ledger ledger, long from) {
    backfill(chain, ledger, new Backfill.Request(from, OptionalLong.empty(), true));
  }

  private static void backfill(ChainReader chain, Ledger ledger, Backfill.Request request) {
    Backfill backfill = new Backfill(Worlds.reader(chain, SETTINGS), ledger);
    backfill.run(backfill.plan(request), RunBudget.unlimited(), ScanListener.none());
  }

  /** One scheduled run, which publishes nothing. */
  static void scheduled(ChainReader chain, Ledger ledger, ObjectStore store) {
    RollupRun rollup =
        new RollupRun(
            SETTINGS,
            ledger,
            new MetricRules(500, FiguresTruth.LEGACY_FROM, FiguresTruth.LEGACY_UNTIL, Set.of()),
            new Publisher(store, attempt -> {}),
            1);
    new ScheduledRun(Worlds.reader(chain, SETTINGS), ledger, rollup)
        .run(
            ScheduledRun.Publishing.NEVER,
            RunBudget.unlimited(),
            ScanListener.none(),
            PartialCache.none(),
            Instant.EPOCH);
  }

  /** The list of suspects as it is stored. */
  static List<Suspect> suspects(ObjectStore store) {
    return ledger(store, "look").suspects().rows();
  }

  /** The stored rows by kind and session, field by field; none is retracted. */
  static Map<String, ObjectNode> rows(MemoryObjectStore store) throws IOException {
    Map<String, ObjectNode> rows = new TreeMap<>();
    for (RowKind kind : RowKind.values()) {
      for (String line : StoredRows.lines(store, kind.prefix())) {
        ObjectNode row = (ObjectNode) JSON.readTree(line);
        assertThat(row.has("retracted")).as(line).isFalse();
        assertThat(rows.put(kind + " " + row.get("sessionId").asText(), row)).isNull();
      }
    }
    return rows;
  }
}
