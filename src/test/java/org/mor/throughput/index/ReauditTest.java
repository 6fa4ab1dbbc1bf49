package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.Worlds;

class ReauditTest {
  private static final IndexSettings SETTINGS = Worlds.settings().withMaxBlocksPerRun(8_000);
  private final MemoryObjectStore store = new MemoryObjectStore();

  @Test
  void whatTheFirstScanMissedIsFoundInTheEndAndStoredAsIfItHadNotBeenMissed() {
    scan(Worlds.fill(new Forgetful(Worlds.HEAD, 0.7)), "first");
    MemoryObjectStore whole = new MemoryObjectStore();
    new Incremental(Worlds.history(), SETTINGS, ledger(whole, "x"), Patience.none())
        .run(RunBudget.unlimited(), ScanListener.none());
    assertThat(StoreProbe.content(store).equals(StoreProbe.content(whole))).isFalse();

    long found = 0;
    for (int run = 0; run < 60; run++) {
      found += reaudit(Worlds.history(), "run" + run).orElseThrow().rowsFound();
    }

    assertThat(found).isPositive();
    assertThat(StoreProbe.content(store).equals(StoreProbe.content(whole))).isTrue();
  }

  @Test
  void nothingIsWrittenWhereNothingWasMissed() {
    scan(Worlds.history(), "first");
    Map<String, String> before = StoreProbe.content(store);

    for (int run = 0; run < 20; run++) {
      ReauditReport report = reaudit(Worlds.history(), "run" + run).orElseThrow();
      assertThat(report.rowsFound()).isZero();
      assertThat(report.events()).isPositive();
      assertThat(report.done().orElseThrow().size()).isEqualTo(2_000);
    }

    assertThat(StoreProbe.content(store)).isEqualTo(before);
  }

  @Test
  void withoutTimeOrBlocksLeftNothingIsLookedAt() {
    IncrementalReport scan = scan(Worlds.history(), "first");
    FakeChain chain = Worlds.history();

    assertThat(audit(chain, SETTINGS, "a").run(scan, () -> false)).isEmpty();
    assertThat(
            audit(chain, SETTINGS.withMaxBlocksPerRun(5_000), "a").run(scan, RunBudget.unlimited()))
        .as("the scan has used up the run's blocks")
        .isEmpty();
    assertThat(chain.asked()).isZero();
  }

  @Test
  void aRunThatHasNotReachedTheSafeHeadHasMoreUrgentThingsToDo() {
    scan(Worlds.history().head(1_000), "first");
    IndexSettings little = Worlds.settings().withMaxBlocksPerRun(3_000);
    IncrementalReport behind =
        new Incremental(Worlds.history(), little, ledger(store, "b"), Patience.none())
            .run(RunBudget.unlimited(), ScanListener.none());

    assertThat(audit(Worlds.history(), little, "b").run(behind, RunBudget.unlimited())).isEmpty();
  }

  @Test
  void anEndpointWithoutTheOldBlocksFailsNothing() {
    IncrementalReport scan = scan(Worlds.history(), "first");
    FakeChain pruned =
        new FakeChain(Worlds.HEAD) {
          @Override
          public LogSlice logs(LogQuery query) {
            throw new ChainUnavailableException("pruned history unavailable");
          }
        };

    assertThat(audit(pruned, SETTINGS, "a").run(scan, RunBudget.unlimited()).orElseThrow().done())
        .isEmpty();
  }

  @Test
  void whereAnEndpointGivesFewBlocksAtOnceFewerAreLookedAt() {
    IncrementalReport scan = scan(Worlds.history(), "first");
    FakeChain narrow = Worlds.history().window(10);

    ReauditReport report =
        audit(narrow, SETTINGS, "a").run(scan, RunBudget.unlimited()).orElseThrow();

    assertThat(report.done().orElseThrow().size()).isEqualTo(40);
  }

  @Test
  void aScheduledRunLooksAtOldBlocksByItself() {
    scan(Worlds.fill(new Forgetful(Worlds.HEAD, 1)), "first");
    Ledger ledger = ledger(store, "second");

    ScheduledReport report =
        new ScheduledRun(
                Worlds.history(),
                SETTINGS,
                ledger,
                new RollupRun(
                    SETTINGS,
                    ledger,
                    new MetricRules(500, 0, 0, Set.of()),
                    new Publisher(store, attempt -> {}),
                    1),
                Patience.none())
            .run(
                ScheduledRun.Publishing.NEVER,
                RunBudget.unlimited(),
                ScanListener.none(),
                PartialCache.none(),
                Instant.EPOCH);

    assertThat(report.reaudit().orElseThrow().rowsFound()).isPositive();
  }

  @Test
  void oneSeedPicksOneRangeAndManySeedsReachEveryCoveredBlockAndNoOther() {
    Coverage coverage = Coverage.of(Set.of(new BlockRange(100, 399), new BlockRange(1_000, 1_009)));
    BlockRange among = new BlockRange(200, 5_000);
    TreeSet<Long> reached = new TreeSet<>();
    for (int i = 0; i < 2_000; i++) {
      BlockRange picked = ReauditChoice.pick(coverage, among, 50, "run" + i).orElseThrow();
      assertThat(ReauditChoice.pick(coverage, among, 50, "run" + i)).contains(picked);
      assertThat(coverage.covers(picked)).isTrue();
      assertThat(picked.size()).isEqualTo(picked.first() >= 1_000 ? 10 : 50);
      for (long block = picked.first(); block <= picked.last(); block++) {
        reached.add(block);
      }
    }

    assertThat(reached).hasSize(200 + 10);
    assertThat(reached.first()).isEqualTo(200);
    assertThat(ReauditChoice.pick(Coverage.NONE, among, 50, "x")).isEmpty();
  }

  private IncrementalReport scan(FakeChain chain, String run) {
    return new Incremental(chain, SETTINGS, ledger(store, run), Patience.none())
        .run(RunBudget.unlimited(), ScanListener.none());
  }

  /** A run that finds nothing new and looks at old blocks. */
  private Optional<ReauditReport> reaudit(FakeChain chain, String run) {
    return reaudit(scan(chain, run), chain, run);
  }

  private Optional<ReauditReport> reaudit(IncrementalReport scan, FakeChain chain, String run) {
    return audit(chain, SETTINGS, run).run(scan, RunBudget.unlimited());
  }

  private Reaudit audit(FakeChain chain, IndexSettings settings, String run) {
    return new Reaudit(chain, settings, ledger(store, run), Patience.none());
  }

  private static Ledger ledger(MemoryObjectStore store, String run) {
    return new Ledger(
        store,
        UserPrivacy.plain(),
        CommitRetry.none(),
        Worlds.NETWORK,
        new Ledger.Run(run, () -> Instant.EPOCH));
  }

  /** Leaves out some logs, as a node with pruned receipts does; not those of the newest blocks. */
  private static final class Forgetful extends FakeChain {
    private final double share;

    Forgetful(long head, double share) {
      super(head);
      this.share = share;
    }

    @Override
    public LogSlice logs(LogQuery query) {
      LogSlice whole = super.logs(query);
      return whole.with(
          whole.logs().stream()
              .filter(log -> log.position().block() > 5_900 || log.hashCode() % 100 >= share * 100)
              .toList());
    }
  }
}
