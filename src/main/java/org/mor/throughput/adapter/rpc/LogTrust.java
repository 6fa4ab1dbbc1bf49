package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.time.Instant;

/**
 * How far an endpoint's answers to log queries are trusted. One that left logs out is doubted, and
 * has proven itself when it has given the same logs as another endpoint three times in a row.
 */
final class LogTrust {
  private static final int PROOFS = 3;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  private int proofsOwed;
  private Duration nextPause = FIRST_PAUSE;
  private Instant quietUntil = Instant.MIN;

  boolean isDoubted() {
    return proofsOwed > 0;
  }

  void omitted() {
    proofsOwed = PROOFS;
  }

  void proved() {
    proofsOwed = Math.max(0, proofsOwed - 1);
  }

  /** Whether it may be asked for a second opinion. */
  boolean mayBeAsked(Instant now) {
    return !quietUntil.isAfter(now);
  }

  void answered() {
    nextPause = FIRST_PAUSE;
  }

  /**
   * After a second opinion that did not come in full, each pause is twice as long as the one
   * before.
   */
  void didNotAnswer(Instant now) {
    restFor(nextPause, now);
    Duration doubled = nextPause.multipliedBy(2);
    nextPause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }

  void restFor(Duration pause, Instant now) {
    quietUntil = now.plus(pause);
  }
}
