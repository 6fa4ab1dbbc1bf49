package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.ProofStore;
import org.mor.throughput.archive.RowArchive.PartitionFullException;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.FakeSession;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.Worlds;

class ScheduledRunTest {
  @Test
  void aRefreshThatIsLeftOutForWantOfTimeMakesTheRunPartial() {
    ScheduledReport report = runOutOfTimeAfterTheScan(200);

    assertThat(report.scan().isPartial()).isFalse();
    assertThat(report.refresh()).isEmpty();
    assertThat(report.refreshLeftOut()).isTrue();
    assertThat(report.isPartial()).isTrue();
  }

  @Test
  void whereNoRefreshIsWantedNoneIsLeftOut() {
    ScheduledReport report = runOutOfTimeAfterTheScan(0);

    assertThat(report.refresh()).isEmpty();
    assertThat(report.reaudit()).as("left out, but nobody waits for it").isEmpty();
    assertThat(report.isPartial()).isFalse();
  }

  @Test
  void aRefreshThatIsCutShortMakesTheRunPartialAndLeavesTimeToPublish() {
    // Asked before the refresh and before each month: the first month is looked into.
    ScheduledReport report = runOutOfTime(200, 2, ScheduledRun.Publishing.ALWAYS);

    assertThat(report.refreshLeftOut()).isFalse();
    assertThat(report.refresh().orElseThrow().isCutShort()).isTrue();
    assertThat(report.rollup()).isPresent();
    assertThat(report.isPartial()).isTrue();
  }

  @Test
  void aRefreshThatFailsStopsNothingAndIsSaid() {
    FakeChain chain =
        Worlds.fill(
            new FakeChain(Worlds.HEAD) {
              @Override
              protected void beforeAnswer() {
                super.beforeAnswer();
                boolean within =
                    StackWalker.getInstance()
                        .walk(
                            frames ->
                                frames.anyMatch(
                                    frame -> frame.getClassName().endsWith(".CloseRefresh")));
                if (within) {
                  throw new ChainUnavailableException("the endpoint has a bad moment");
                }
              }
            });
    MemoryObjectStore store = new MemoryObjectStore();
    List<String> heard = new ArrayList<>();

    ScheduledReport report =
        run(
            store,
            chain,
            ScheduledRun.Publishing.WHEN_NEW,
            () -> true,
            rollup -> heard.add("published"));

    assertThat(report.refresh()).isEmpty();
    assertThat(report.refreshFailure().orElseThrow()).contains("the endpoint has a bad moment");
    assertThat(report.problems()).hasSize(1);
    assertThat(report.isPartial()).isTrue();
    assertThat(report.rollup()).isPresent();
    assertThat(heard).containsExactly("published");
  }

  @Test
  void aMonthThatIsFullKeepsNothingBeforeItFromBeingPublished() {
    MemoryObjectStore store = new MemoryObjectStore();
    run(
        store,
        Worlds.fill(new FakeChain(3_000)),
        ScheduledRun.Publishing.ALWAYS,
        () -> true,
        rollup -> {});
    FakeChain grown = Worlds.history().window(1_000);
    List<RollupReport> heard = new ArrayList<>();
    String full = "raw/closes/2026-02.ndjson.gz";
    AtomicInteger writes = new AtomicInteger();
    ObjectStore february =
        new StoreProbe(store, n -> {}, n -> {}) {
          @Override
          public ObjectVersion replace(
              ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
            if (key.value().equals(full)) {
              writes.incrementAndGet();
              throw new PartitionFullException("February is full");
            }
            return super.replace(key, body, expected, attributes);
          }
        };

    assertThatThrownBy(
            () -> run(february, grown, ScheduledRun.Publishing.WHEN_NEW, () -> true, heard::add))
        .isInstanceOf(PartitionFullException.class);

    assertThat(writes).hasPositiveValue();
    assertThat(heard).hasSize(1);
  }

  @Test
  void aReauditThatFailsComesBehindTheDocumentsAndFailsNothing() {
    List<String> order = new ArrayList<>();
    FakeChain chain =
        Worlds.fill(
            new FakeChain(Worlds.HEAD) {
              @Override
              public LogSlice logs(LogQuery query) {
                if (order.contains("published")) {
                  order.add("old blocks");
                  throw new ChainContradictionException("these logs contradict themselves");
                }
                return super.logs(query);
              }
            });

    ScheduledReport report =
        run(
            new MemoryObjectStore(),
            chain,
            ScheduledRun.Publishing.ALWAYS,
            () -> true,
            rollup -> order.add("published"));

    assertThat(order).containsExactly("published", "old blocks");
    assertThat(report.reaudit().orElseThrow().failure().orElseThrow())
        .contains("these logs contradict themselves", "nothing is lost");
    assertThat(report.problems()).hasSize(1);
    assertThat(report.isPartial()).isFalse();
  }

  @Test
  void aStoreThatFailsTheReauditFailsNothingEither() {
    MemoryObjectStore store = new MemoryObjectStore();
    boolean[] published = {false};
    StoreProbe broken =
        new StoreProbe(
            store,
            operation -> {
              if (published[0]) {
                throw new CorruptObjectException("a partition is damaged");
              }
            },
            operation -> {});

    ScheduledReport report =
        run(
            broken,
            Worlds.history(),
            ScheduledRun.Publishing.ALWAYS,
            () -> true,
            rollup -> published[0] = true);

    assertThat(report.reaudit().orElseThrow().failure().orElseThrow()).contains("is damaged");
  }

  @Test
  void withoutTimeToPublishNothingLongerIsBegun() {
    MemoryObjectStore store = new MemoryObjectStore();
    RunBudget budget =
        new RunBudget() {
          @Override
          public boolean allowsAnotherRange() {
            return true;
          }

          @Override
          public boolean allowsPublishing() {
            return false;
          }
        };

    ScheduledReport report =
        run(store, Worlds.history(), ScheduledRun.Publishing.ALWAYS, budget, rollup -> {});

    assertThat(report.publishingLeftOut()).isTrue();
    assertThat(report.proof()).isEmpty();
    assertThat(report.reaudit()).isEmpty();
    assertThat(store.find(ProofStore.KEY)).isEmpty();
  }

  @Test
  void everyRunSaysHowManyRowsAreSuspectUntilTheyAreNot() {
    FakeChain chain = Worlds.history();
    FakeSession doubted =
        chain.open(1, 1, 1, Worlds.HEAD - 60, 600).closed(Worlds.HEAD - 40, 30_000, 700, 1, 2);
    MemoryObjectStore store = new MemoryObjectStore();
    assertThat(runOnce(store, chain).suspectRows()).isZero();

    doubted.reopened();
    assertThat(runOnce(store, chain.head(Worlds.HEAD + 10)).suspectRows()).isEqualTo(1);
    assertThat(runOnce(store, chain.head(Worlds.HEAD + 200)).suspectRows()).isEqualTo(1);

    doubted.closed(Worlds.HEAD - 40, 30_000, 700, 1, 2);
    assertThat(runOnce(store, chain.head(Worlds.HEAD + 300)).suspectRows()).isZero();
  }

  private static ScheduledReport runOnce(ObjectStore store, FakeChain chain) {
    return run(store, chain, ScheduledRun.Publishing.WHEN_NEW, () -> true, rollup -> {});
  }

  private static ScheduledReport run(
      ObjectStore store,
      FakeChain chain,
      ScheduledRun.Publishing publishing,
      RunBudget budget,
      Consumer<RollupReport> published) {
    IndexSettings settings = settings(200);
    Ledger ledger = Worlds.ledger(store);
    RollupRun rollup =
        new RollupRun(
            settings,
            ledger,
            new MetricRules(500, 0, 0, Set.of()),
            new Publisher(store, attempt -> {}),
            1);
    return new ScheduledRun(chain, settings, ledger, rollup, Patience.none())
        .run(
            publishing, budget, ScanListener.none(), PartialCache.none(), Instant.EPOCH, published);
  }

  /** Time is up as soon as the scan has committed. */
  private static ScheduledReport runOutOfTimeAfterTheScan(int refreshPerRun) {
    return runOutOfTime(refreshPerRun, 0, ScheduledRun.Publishing.NEVER);
  }

  /** Time is up when it was asked for so many times after the scan's commit. */
  private static ScheduledReport runOutOfTime(
      int refreshPerRun, int questions, ScheduledRun.Publishing publishing) {
    AtomicInteger time = new AtomicInteger(Integer.MAX_VALUE);
    ScanListener scan =
        new ScanListener() {
          @Override
          public void scanned(BlockRange range, int events) {}

          @Override
          public void committed(BlockRange range, int opens, int closes) {
            // The scan itself asks before it commits, never after.
            time.set(questions);
          }
        };
    IndexSettings settings = settings(refreshPerRun);
    MemoryObjectStore store = new MemoryObjectStore();
    Ledger ledger = Worlds.ledger(store);
    MetricRules rules = new MetricRules(500, 0, 0, Set.of());
    Publisher publisher = new Publisher(store, attempt -> {});
    RollupRun rollup = new RollupRun(settings, ledger, rules, publisher, 1);
    return new ScheduledRun(Worlds.history(), settings, ledger, rollup, Patience.none())
        .run(
            publishing, () -> time.getAndDecrement() > 0, scan, PartialCache.none(), Instant.EPOCH);
  }

  private static IndexSettings settings(int refreshPerRun) {
    return new IndexSettings(
        "base",
        FakeChain.CHAIN_ID,
        FakeChain.DIAMOND,
        OptionalLong.of(1),
        Confirmation.BLOCKS,
        20,
        50,
        8_000,
        refreshPerRun);
  }
}
