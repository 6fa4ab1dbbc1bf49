package org.mor.throughput.lambda;

import java.time.Instant;
import java.util.Set;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;

/** Publishes nothing of nobody into memory, so that the classes of a run are loaded. */
final class Priming {
  private static final long SOME_TIME = 1_767_225_600;

  private Priming() {}

  static void run(IndexSettings settings) {
    MemoryObjectStore store = new MemoryObjectStore();
    NetworkId network = new NetworkId(settings.network(), settings.diamond().address());
    CommitRetry retry = CommitRetry.fullJitter(millis -> {}, bound -> 0);
    Instant never = Instant.EPOCH;
    Ledger ledger =
        new Ledger(
            store, UserPrivacy.plain(), retry, network, new Ledger.Run("priming", () -> never));
    BlockRange range = new BlockRange(0, 0);
    ledger.coverage().add(range);
    Hash32 hash = Hash32.fromHex("0x" + "0".repeat(64));
    ledger
        .cursor()
        .advance(range, new BlockHeader(0, hash, SOME_TIME), network, 0, never, "priming");
    MetricRules rules = new MetricRules(1, 0, 0, Set.of());
    new RollupRun(settings, ledger, rules, new Publisher(store, attempt -> {}), 1)
        .run(PartialCache.none(), never);
  }
}
