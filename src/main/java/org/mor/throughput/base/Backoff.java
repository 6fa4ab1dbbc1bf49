package org.mor.throughput.base;

import java.time.Duration;
import java.util.function.LongUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Pauses below a ceiling that doubles with each failure in a row: the program's one way to wait
 * before it tries again.
 *
 * @param first the ceiling after the first failure
 * @param longest the highest ceiling
 * @param upTo picks a pause in milliseconds, from 0 to its argument, both included
 */
public record Backoff(Duration first, Duration longest, LongUnaryOperator upTo, Sleeper sleeper)
    implements Patience {
  /** More would overflow; the ceiling is reached long before. */
  private static final int MOST_DOUBLINGS = 20;

  public Backoff {
    if (first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("Pauses from %s to %s".formatted(first, longest));
    }
  }

  /** Random pauses, so that those who failed together do not come back together. */
  public static Backoff random(
      Duration first, Duration longest, RandomGenerator random, Sleeper sleeper) {
    return new Backoff(first, longest, ceiling -> random.nextLong(ceiling + 1), sleeper);
  }

  /** The pause after the {@code failures}-th failure in a row, from 1 on. */
  public Duration after(int failures) {
    long ceiling = first.toMillis() << Math.min(MOST_DOUBLINGS, failures - 1);
    return Duration.ofMillis(upTo.applyAsLong(Math.min(ceiling, longest.toMillis())));
  }

  @Override
  public void await(int failures) {
    sleeper.sleep(after(failures));
  }
}
