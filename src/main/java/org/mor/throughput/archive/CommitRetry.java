package org.mor.throughput.archive;

import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;

/** How long a writer waits before it reads and tries again. */
@FunctionalInterface
public interface CommitRetry {
  /** Waits after the {@code failures}-th failed try (from 1 on). */
  void pause(int failures);

  /** Tries again at once. */
  static CommitRetry none() {
    return failures -> {};
  }

  /**
   * Waits a random time between 0 and a bound that doubles from 50 ms to 1 s with each failure.
   * Longer waits starve a writer: others that just succeeded come in between every time.
   *
   * @param sleepMillis waits so many milliseconds
   * @param below a random number from 0 (inclusive) to its argument (exclusive)
   */
  static CommitRetry fullJitter(LongConsumer sleepMillis, LongUnaryOperator below) {
    return failures ->
        sleepMillis.accept(
            below.applyAsLong(Math.min(1000L, 50L << Math.min(failures - 1, 10)) + 1));
  }
}
