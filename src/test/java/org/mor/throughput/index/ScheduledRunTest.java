package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.FakeChain;
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
