package org.mor.throughput.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.store.CorruptObjectException;

class FailedRollupTest {
  private static final Month JANUARY = Month.parse("2026-01");
  private static final long NOW = Month.parse("2026-03").firstSecond();

  /** A first month that is damaged, and a second one that takes long to be left. */
  private static final class Damaged implements RowSource {
    private final CountDownLatch reading = new CountDownLatch(1);
    private final AtomicBoolean left = new AtomicBoolean();

    @Override
    public SortedSet<Month> months() {
      return new TreeSet<>(Set.of(JANUARY, JANUARY.next()));
    }

    @Override
    public void closes(Month month, Consumer<CloseFacts> to) {
      if (month.equals(JANUARY)) {
        await(reading);
        throw new CorruptObjectException("a damaged month");
      }
      reading.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        // As a store's client that finishes its answer before it gives way.
        for (int i = 0; i < 5_000_000; i++) {
          Thread.onSpinWait();
        }
        left.set(true);
      }
    }

    @Override
    public void opens(Month month, Consumer<OpenFacts> to) {}

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void noMonthIsReadAnyMoreWhenAFailedRollupReturns() {
    Damaged rows = new Damaged();

    assertThatThrownBy(
            () ->
                Rollups.compute(
                    rows,
                    new MetricRules(500, 0, 0, Set.of()),
                    new AsOf(1, NOW),
                    PartialCache.none(),
                    MonthFiles.none(),
                    2))
        .isInstanceOf(CorruptObjectException.class);

    assertThat(rows.left).isTrue();
  }
}
