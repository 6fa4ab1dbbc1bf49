package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/** An endpoint and what is remembered of it between operations. */
final class Member {
  private static final int FAILURES_TO_OPEN = 3;
  private static final Duration OPEN = Duration.ofSeconds(15);

  private final EndpointReader reader;
  private final boolean preferred;
  private final LogTrust logs = new LogTrust();
  private int failuresInARow;
  private Instant skipUntil = Instant.MIN;
  private Instant restUntil = Instant.MIN;
  private String restReason = "";
  private final Map<Need.Kind, Long> prunedUpTo = new EnumMap<>(Need.Kind.class);
  private boolean identified;
  private String unusable = "";

  Member(EndpointReader reader, boolean preferred) {
    this.reader = reader;
    this.preferred = preferred;
  }

  EndpointReader reader() {
    return reader;
  }

  String name() {
    return reader.name();
  }

  boolean isPreferred() {
    return preferred;
  }

  /** How far its answers to log queries are trusted. */
  LogTrust logs() {
    return logs;
  }

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

  /** How long it still wants not to be asked; zero when it may be. */
  Duration rest(Instant now) {
    return restUntil.isAfter(now) ? Duration.between(now, restUntil) : Duration.ZERO;
  }

  /** Asked for what it has dropped: for as much of older blocks others are asked first. */
  void pruned(Need need) {
    if (need.block() < Long.MAX_VALUE) {
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

  /** How much speaks against asking it; 0 is best. */
  int rank(Need need, Instant now) {
    int pruned = hasPruned(need) ? 8 : 0;
    int doubted = need.kind() == Need.Kind.LOGS && logs.isDoubted() ? 4 : 0;
    int resting = restUntil.isAfter(now) ? 2 : 0;
    int skipped = skipUntil.isAfter(now) ? 1 : 0;
    return pruned + doubted + resting + skipped;
  }

  /** Whether it may be asked now and has the block, as far as known. */
  boolean isAtHand(Need need, Instant now) {
    return isUsable() && !hasPruned(need) && !restUntil.isAfter(now);
  }

  /**
   * What an operation needs of an endpoint.
   *
   * @param block the lowest block it reads, which decides who has pruned it
   * @param kind what of the block: nodes drop old state long before old logs, and headers last
   */
  record Need(long block, Kind kind) {
    /** What of a block is read. */
    enum Kind {
      HEADER,
      /** An endpoint that has left logs out is asked last. */
      LOGS,
      STATE
    }

    /** For operations that need no particular block. */
    static final Need NEWEST = new Need(Long.MAX_VALUE, Kind.HEADER);

    static Need headerOf(long block) {
      return new Need(block, Kind.HEADER);
    }

    static Need stateAt(long block) {
      return new Need(block, Kind.STATE);
    }

    static Need logsFrom(long block) {
      return new Need(block, Kind.LOGS);
    }
  }

  /**
   * One that left logs out is doubted, and has proven itself when it has given the same logs as
   * another endpoint three times in a row.
   */
  static final class LogTrust {
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

    /** After a second opinion that did not come in full, each pause is twice the one before. */
    void didNotAnswer(Instant now) {
      restFor(nextPause, now);
      Duration doubled = nextPause.multipliedBy(2);
      nextPause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    void restFor(Duration pause, Instant now) {
      quietUntil = now.plus(pause);
    }
  }
}
