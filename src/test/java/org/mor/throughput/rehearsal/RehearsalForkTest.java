package org.mor.throughput.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mor.throughput.adapter.rpc.RpcChainReader;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.chain.Address;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.BackfillReport;
import org.mor.throughput.index.BackfillRequest;
import org.mor.throughput.index.CompletenessCheck;
import org.mor.throughput.index.Confirmation;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.Patience;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.index.SuspectReport;
import org.mor.throughput.proof.Compared;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.ReplayNode;
import org.mor.throughput.testing.ReplayNode.Fork;
import org.mor.throughput.testing.Rewound;

/**
 * The recording of the real contract is indexed, then the same chain after a reorganisation: the
 * store is rewound and scanned again, and rows and documents agree with the fork's truth.
 */
class RehearsalForkTest {
  private static final long START = 37_000_000;
  private static final Address DIAMOND =
      Address.fromHex("0x6aBE1d282f72B474E54527D93b979A4f64d3030a");
  private static final NetworkId NETWORK = new NetworkId("base", DIAMOND);
  private static final IndexSettings SETTINGS =
      new IndexSettings(
          "base",
          8453,
          new Diamond(DIAMOND),
          OptionalLong.of(START),
          Confirmation.BLOCKS,
          20,
          200,
          4_000,
          200);

  private final MemoryObjectStore store = new MemoryObjectStore();

  @ParameterizedTest
  @CsvSource({"37005000, 1", "37001000, 2", "37008350, 3", "37008600, 4"})
  void afterARewindAndABackfillEverythingAgreesWithTheForksTruth(
      long from, int seed, @TempDir Path folder) throws IOException {
    Fork fork = Fork.make(folder, from, seed);
    try (ReplayNode node = ReplayNode.start("--max-range", "5000")) {
      RpcChainReader chain = RpcChainReader.open(List.of(node.url()), 8453);
      Ledger first =
          new Ledger(
              store,
              UserPrivacy.plain(),
              CommitRetry.none(),
              NETWORK,
              new Ledger.Run("first", () -> Instant.EPOCH));
      assertThat(backfill(chain, first).suspects()).isEqualTo(SuspectReport.NONE);
      publish(chain, first);
    }
    Ledger rewound = Rewound.ledger(store, NETWORK, List.of(from));

    try (ReplayNode node = ReplayNode.start(fork.recording(), "--max-range", "5000");
        ReplayNode second = ReplayNode.start(fork.recording())) {
      RpcChainReader chain = RpcChainReader.open(List.of(node.url(), second.url()), 8453);
      SuspectReport suspects = backfill(chain, rewound).suspects();
      publish(chain, rewound);

      assertThat(suspects.suspect()).isZero();
      assertThat(suspects.retracted()).isPositive();
      ForkTruth.assertAgrees(store, fork.truth());
      CompletenessCheck.Result check =
          new CompletenessCheck(chain, SETTINGS, rewound, Patience.none()).run();
      assertThat(check.proof().state().isProven()).isTrue();
      // fork.py takes lost closes out of the contract's count of undisputed ones, not of all.
      assertThat(check.figures())
          .filteredOn(figure -> !figure.what().equals("closes"))
          .hasSize(4)
          .noneMatch(Compared::differs);
    }
  }

  private static BackfillReport backfill(RpcChainReader chain, Ledger ledger) {
    Backfill backfill = new Backfill(chain, SETTINGS, ledger, Patience.none());
    return backfill.run(
        backfill.plan(new BackfillRequest(START, OptionalLong.empty(), false)),
        RunBudget.unlimited(),
        ScanListener.none());
  }

  private void publish(RpcChainReader chain, Ledger ledger) {
    new RollupRun(
            SETTINGS,
            ledger,
            new MetricRules(500, FiguresTruth.LEGACY_FROM, FiguresTruth.LEGACY_UNTIL, Set.of()),
            new Publisher(store, attempt -> {}),
            2)
        .run(chain, Patience.none(), PartialCache.none(), Instant.EPOCH);
  }
}
