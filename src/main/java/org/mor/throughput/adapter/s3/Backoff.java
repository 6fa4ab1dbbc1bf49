package org.mor.throughput.adapter.s3;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;

/**
 * How often a call is tried and how long to wait in between: a random time up to a ceiling that
 * doubles, so that writers who met do not meet again.
 */
record Backoff(
    int attempts, Duration first, Duration longest, Pause pause, LongUnaryOperator upTo) {
  /** Waits; a test gives one that only takes notes. */
  interface Pause {
    void sleep(Duration time) throws InterruptedException;
  }

  Backoff {
    if (attempts < 1 || first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "Backoff of %d attempts, from %s to %s".formatted(attempts, first, longest));
    }
  }

  static Backoff standard() {
    return new Backoff(
        4,
        Duration.ofMillis(200),
        Duration.ofSeconds(5),
        time -> Thread.sleep(time.toMillis()),
        ceiling -> ThreadLocalRandom.current().nextLong(ceiling + 1));
  }

  /** Waits after the given attempt, counted from 1. */
  void after(int attempt) throws InterruptedException {
    long ceiling = Math.min(longest.toMillis(), first.toMillis() << Math.min(attempt - 1, 20));
    pause.sleep(Duration.ofMillis(upTo.applyAsLong(ceiling)));
  }
}
