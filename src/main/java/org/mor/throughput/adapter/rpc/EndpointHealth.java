package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/** What is remembered of an endpoint between operations. */
final class EndpointHealth {
  private static final int FAILURES_TO_OPEN = 3;
  private static final Duration OPEN = Duration.ofSeconds(15);

  private final LogTrust logs = new LogTrust();
  private int failuresInARow;
  private Instant skipUntil = Instant.MIN;
  private Instant restUntil = Instant.MIN;
  private String restReason = "";
  private final Map<Need.Kind, Long> prunedUpTo = new EnumMap<>(Need.Kind.class);
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

  /** Not to be asked before {@code time}, and why. */
  void restUntil(Instant time, String reason) {
    if (time.isAfter(restUntil)) {
      restUntil = time;
      restReason = reason;
    }
  }

  String restReason() {
    return restReason;
  }

  Instant restUntil() {
    return restUntil;
  }

  /** Asked for what it has dropped: for as much of older blocks others are asked first. */
  void pruned(Need need) {
    if (!need.isNewest()) {
      prunedUpTo.merge(need.kind(), need.block(), Math::max);
    }
  }

  private boolean hasPruned(Need need) {
    return need.block() <= prunedUpTo.getOrDefault(need.kind(), -1L);
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
    int pruned = hasPruned(need) ? 8 : 0;
    int doubted = need.kind() == Need.Kind.LOGS && logs.isDoubted() ? 4 : 0;
    int resting = restUntil.isAfter(now) ? 2 : 0;
    int skipped = skipUntil.isAfter(now) ? 1 : 0;
    return pruned + doubted + resting + skipped;
  }

  /** Whether it can be asked at once, without hope alone. */
  boolean isAtHand(Need need, Instant now) {
    return isUsable() && !hasPruned(need) && !restUntil.isAfter(now);
  }
}
