package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.time.Instant;

/** What is remembered of an endpoint between operations. */
final class EndpointHealth {
  private static final int FAILURES_TO_OPEN = 3;
  private static final Duration OPEN = Duration.ofSeconds(15);

  private final LogTrust logs = new LogTrust();
  private int failuresInARow;
  private Instant skipUntil = Instant.MIN;
  private Instant restUntil = Instant.MIN;
  private long prunedUpTo = -1;
  private boolean identified;
  private String unusable = "";

  void succeeded() {
    failuresInARow = 0;
    skipUntil = Instant.MIN;
  }

  /** After some failures in a row others are asked first for a while. */
  void failed(Instant now) {
    failuresInARow++;
    if (failuresInARow >= FAILURES_TO_OPEN) {
      skipUntil = now.plus(OPEN);
    }
  }

  /** The endpoint asked for a pause. */
  void restUntil(Instant time) {
    if (time.isAfter(restUntil)) {
      restUntil = time;
    }
  }

  Instant restUntil() {
    return restUntil;
  }

  void prunedUpTo(long block) {
    prunedUpTo = Math.max(prunedUpTo, block);
  }

  void identify() {
    identified = true;
  }

  boolean isIdentified() {
    return identified;
  }

  /** Never to be asked again, and why. */
  void giveUp(String reason) {
    unusable = reason;
  }

  boolean isUsable() {
    return unusable.isEmpty();
  }

  String unusableBecause() {
    return unusable;
  }

  LogTrust logs() {
    return logs;
  }

  /** How little it recommends itself; 0 is best. */
  int rank(Need need, Instant now) {
    int pruned = need.block() <= prunedUpTo ? 8 : 0;
    int doubted = need.logs() && logs.isDoubted() ? 4 : 0;
    int resting = restUntil.isAfter(now) ? 2 : 0;
    int skipped = skipUntil.isAfter(now) ? 1 : 0;
    return pruned + doubted + resting + skipped;
  }

  /** Whether it can be asked at once, without hope alone. */
  boolean isAtHand(Need need, Instant now) {
    return isUsable() && need.block() > prunedUpTo && !restUntil.isAfter(now);
  }
}
