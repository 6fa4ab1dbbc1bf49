package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
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
    new Incremental(Worlds.reader(Worlds.history(), SETTINGS), ledger(whole, "x"))
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
      Reaudit.Report report = reaudit(Worlds.history(), "run" + run).orElseThrow();
      assertThat(report.rowsFound()).isZero();
      assertThat(report.events()).isPositive();
      assertThat(report.done().orElseThrow().size()).isEqualTo(2_000);
    }

    assertThat(StoreProbe.content(store)).isEqualTo(before);
  }

  @Test
  void withoutTimeOrBlocksLeftNothingIsLookedAt() {
    Incremental.Report scan = scan(Worlds.history(), "first");
    FakeChain chain = Worlds.history();

    assertThat(audit(chain, SETTINGS, "a", scan, () -> false)).isEmpty();
    assertThat(audit(chain, SETTINGS.withMaxBlocksPerRun(5_000), "a", scan, RunBudget.unlimited()))
        .as("the scan has used up the run's blocks")
        .isEmpty();
    assertThat(chain.asked()).isZero();
  }

  @Test
  void aRunThatHasNotReachedTheSafeHeadHasMoreUrgentThingsToDo() {
    scan(Worlds.history().head(1_000), "first");
    IndexSettings little = Worlds.settings().withMaxBlocksPerRun(3_000);
    Incremental.Report behind =
        new Incremental(Worlds.reader(Worlds.history(), little), ledger(store, "b"))
            .run(RunBudget.unlimited(), ScanListener.none());

    assertThat(audit(Worlds.history(), little, "b", behind, RunBudget.unlimited())).isEmpty();
  }

  @Test
  void anEndpointWithoutTheOldBlocksFailsNothing() {
    Incremental.Report scan = scan(Worlds.history(), "first");
    FakeChain pruned =
        new FakeChain(Worlds.HEAD) {
          @Override
          public LogSlice logs(LogQuery query) {
            throw new ChainUnavailableException("pruned history unavailable");
          }
        };

    assertThat(audit(pruned, SETTINGS, "a", scan, RunBudget.unlimited()).orElseThrow().done())
        .isEmpty();
  }

  @Test
  void whereAnEndpointGivesFewBlocksAtOnceFewerAreLookedAt() {
    Incremental.Report scan = scan(Worlds.history(), "first");
    FakeChain narrow = Worlds.history().window(10);

    Reaudit.Report report = audit(narrow, SETTINGS, "a", scan, RunBudget.unlimited()).orElseThrow();

    assertThat(report.done().orElseThrow().size()).isEqualTo(40);
  }

  @Test
  void aScheduledRunLooksAtOldBlocksByItself() {
    scan(Worlds.fill(new Forgetful(Worlds.HEAD, 1)), "first");
    Ledger ledger = ledger(store, "second");

    ScheduledRun.Report report =
        new ScheduledRun(
                Worlds.reader(Worlds.history(), SETTINGS),
                ledger,
                new RollupRun(
                    SETTINGS,
                    ledger,
                    new MetricRules(500, 0, 0, Set.of()),
                    new Publisher(store, attempt -> {}),
                    1))
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
      BlockRange picked = Reaudit.pick(coverage, among, 50, "run" + i).orElseThrow();
      assertThat(Reaudit.pick(coverage, among, 50, "run" + i)).contains(picked);
      assertThat(coverage.covers(picked)).isTrue();
      assertThat(picked.size()).isEqualTo(picked.first() >= 1_000 ? 10 : 50);
      for (long block = picked.first(); block <= picked.last(); block++) {
        reached.add(block);
      }
    }

    assertThat(reached).hasSize(200 + 10);
    assertThat(reached.first()).isEqualTo(200);
    assertThat(Reaudit.pick(Coverage.NONE, among, 50, "x")).isEmpty();
  }

  private Incremental.Report scan(FakeChain chain, String run) {
    return new Incremental(Worlds.reader(chain, SETTINGS), ledger(store, run))
        .run(RunBudget.unlimited(), ScanListener.none());
  }

  /** A run that finds nothing new and looks at old blocks. */
  private Optional<Reaudit.Report> reaudit(FakeChain chain, String run) {
    return reaudit(scan(chain, run), chain, run);
  }

  private Optional<Reaudit.Report> reaudit(Incremental.Report scan, FakeChain chain, String run) {
    return audit(chain, SETTINGS, run, scan, RunBudget.unlimited());
  }

  private Optional<Reaudit.Report> audit(
      FakeChain chain,
      IndexSettings settings,
      String run,
      Incremental.Report scan,
      RunBudget budget) {
    return new Reaudit(Worlds.reader(chain, settings), ledger(store, run))
        .run(scan.cursor(), scan.heads().safe(), scan.blocks(), budget);
  }

  private static Ledger ledger(MemoryObjectStore store, String run) {
    return Worlds.ledger(store, run);
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
