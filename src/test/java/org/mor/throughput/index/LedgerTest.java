package org.mor.throughput.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.ModelCatalogStore;
import org.mor.throughput.publish.DocumentKeys;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.StoredRows;
import org.mor.throughput.testing.Worlds;

class LedgerTest {
  @Test
  void aDamagedCatalogOfNamesStopsNeitherRowsNorDocuments() {
    MemoryObjectStore store = new MemoryObjectStore();
    byte[] damaged = "{\"version\":1,\"models\":[{".getBytes(UTF_8);
    store.create(ModelCatalogStore.KEY, damaged, ObjectAttributes.PRIVATE_JSON);
    FakeChain chain = Worlds.history().named(1, "a name of its own");
    IndexSettings settings = Worlds.settings().withMaxBlocksPerRun(8_000);
    Ledger ledger = Worlds.ledger(store);
    RollupRun rollup =
        new RollupRun(
            settings,
            ledger,
            new MetricRules(500, 0, 0, Set.of()),
            new Publisher(store, attempt -> {}),
            1);

    ScheduledRun.Report report =
        new ScheduledRun(Worlds.reader(chain, settings), ledger, rollup)
            .run(
                ScheduledRun.Publishing.ALWAYS,
                RunBudget.unlimited(),
                ScanListener.none(),
                PartialCache.none(),
                Instant.EPOCH);

    assertThat(report.scan().cursor().orElseThrow().lastBlock()).isEqualTo(Worlds.HEAD - 20);
    assertThat(StoredRows.lines(store, "raw/closes/")).hasSize(50);
    assertThat(store.find(ModelCatalogStore.KEY).orElseThrow().body()).isEqualTo(damaged);
    assertThat(new String(store.find(DocumentKeys.BY_MODEL).orElseThrow().body(), UTF_8))
        .contains("a name of its own");
  }
}
