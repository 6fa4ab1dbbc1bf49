package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Waits that double and are drawn from zero up, so that many readers do not come back at once. */
final class Backoff {
  private static final int MAX_DOUBLINGS = 20;

  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;

  Backoff(Duration first, Duration longest, RandomGenerator random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
  }

  /** The wait before the retry that follows failure number {@code failures} (from 1). */
  Duration after(int failures) {
    long ceiling = first.toMillis() << Math.min(MAX_DOUBLINGS, Math.max(0, failures));
    return Duration.ofMillis(random.nextLong(Math.min(ceiling, longest.toMillis()) + 1));
  }
}
