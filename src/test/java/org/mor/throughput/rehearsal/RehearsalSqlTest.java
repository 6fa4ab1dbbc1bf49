package org.mor.throughput.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.adapter.rpc.RpcChainReader;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.sql.DuckDb;
import org.mor.throughput.sql.SavedQueries;
import org.mor.throughput.testing.ReplayNode;
import org.mor.throughput.testing.Worlds;

/** The saved queries over the rows of the real contract say what the documents say. */
class RehearsalSqlTest {
  @Test
  void everyBucketOfTheDocumentsIsWhatTheSavedQueriesSay(@TempDir Path dir) throws Exception {
    MetricRules rules =
        new MetricRules(500, FiguresTruth.LEGACY_FROM, FiguresTruth.LEGACY_UNTIL, Set.of());
    publish(new FileObjectStore(dir), rules);
    try (DuckDb duck = DuckDb.overRows(dir)) {
      SavedQueries.Compared compared = SavedQueries.assertAgree(dir, rules, duck::query);
      assertThat(compared.buckets()).isGreaterThan(1_000);
      assertThat(compared.figures())
          .contains("tokensReceipt", "tokensLegacyEst", "sessionsDisputed", "sessionsMissingTokens")
          .contains("morStake", "morPaid", "morEarned", "avgTpsClamped", "tpsP99", "ttftMsP50");
    }
  }

  /** The recording as a store with rows and documents. */
  static void publish(FileObjectStore store, MetricRules rules) throws Exception {
    try (ReplayNode node = ReplayNode.start("--max-range", "2000")) {
      RpcChainReader chain = RpcChainReader.open(List.of(node.url()), 8453);
      Ledger ledger = Recorded.ledger(store, "rehearsal");
      Worlds.backfill(
          Worlds.reader(chain, Recorded.SETTINGS),
          ledger,
          Recorded.START,
          OptionalLong.empty(),
          false);
      new RollupRun(Recorded.SETTINGS, ledger, rules, new Publisher(store, attempt -> {}), 2)
          .run(Worlds.reader(chain, Recorded.SETTINGS), PartialCache.none(), Instant.EPOCH);
    }
  }
}
