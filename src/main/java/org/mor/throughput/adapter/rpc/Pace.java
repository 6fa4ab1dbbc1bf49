package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.mor.throughput.base.Sleeper;
import org.mor.throughput.base.Sleeper.InterruptedWaitException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;

/**
 * How many requests may be under way to an endpoint, and how soon after each other they begin. Two
 * at first and one more after each answer. After a refusal for their rate half as many, and no
 * faster than the endpoint has answered lately; from there it quickens, slowly where it was refused
 * before. The refusals of requests that were under way together count as one.
 */
final class Pace {
  private static final int FIRST = 2;

  /** So many answers and no refusal: the pace was right but for a little. */
  private static final int STEADY = 30;

  /** Refusals that have nothing to do with the pace must not slow it down for ever. */
  private static final double MOST_NANOS = 1e9;

  private final Baton baton;
  private final int most;
  private final Sleeper sleeper;
  private int limit;
  private int underWay;
  private long tickets;

  /** The newest request when a refusal counted last. */
  private long refusedUpTo;

  /** Between the beginnings of two requests, and the one that was too short; 0 for none. */
  private double nanos;

  private double tooShort;

  private Instant since;
  private int answered;
  private Instant next = Instant.MIN;

  Pace(Baton baton, int most, Sleeper sleeper) {
    this.baton = baton;
    this.most = most;
    this.limit = Math.min(FIRST, most);
    this.sleeper = baton.away(sleeper);
    this.since = sleeper.now();
  }

  /** For whoever asks one question after the other, as fast as they are answered. */
  static Pace alone() {
    Sleeper never =
        new Sleeper() {
          @Override
          public Instant now() {
            return Instant.EPOCH;
          }

          @Override
          public void sleep(Duration duration) {}
        };
    return new Pace(new Baton(), 1, never);
  }

  /** How many may be under way now. */
  int limit() {
    return limit;
  }

  /** Does what takes a while while others work. */
  <T> T away(Supplier<T> wait) {
    return baton.away(wait);
  }

  /** Waits until a request may begin; it is under way until {@link #end}. */
  long begin() {
    return baton.hold(
        () -> {
          baton.awaitUntil(() -> underWay < limit);
          underWay++;
          try {
            awaitTurn();
          } catch (InterruptedWaitException e) {
            underWay--;
            baton.changed();
            throw new ChainUnavailableException(String.valueOf(e.getMessage()), e);
          }
          return ++tickets;
        });
  }

  private void awaitTurn() {
    Instant now = sleeper.now();
    Instant turn = next.isAfter(now) ? next : now;
    next = turn.plusNanos((long) nanos);
    if (turn.isAfter(now)) {
      sleeper.sleep(Duration.between(now, turn));
    }
  }

  /** How a request ended. */
  enum End {
    ANSWERED,
    /** For having been asked too often. */
    REFUSED,
    FAILED
  }

  void end(long ticket, End how) {
    baton.run(
        () -> {
          underWay--;
          if (how == End.ANSWERED) {
            answered();
          } else if (how == End.REFUSED && ticket > refusedUpTo) {
            refused();
          }
          baton.changed();
        });
  }

  private void answered() {
    answered++;
    limit = Math.min(most, limit + 1);
    boolean near = tooShort > 0 && nanos < tooShort * 1.05 && nanos > tooShort * 0.9;
    nanos -= nanos / (near ? 8_192 : 64);
  }

  private void refused() {
    refusedUpTo = tickets;
    limit = Math.max(1, limit / 2);
    Instant now = sleeper.now();
    double lately = (double) Duration.between(since, now).toNanos() / Math.max(1, answered);
    double slower = answered >= STEADY ? 0 : Math.min(nanos * 3, lately);
    tooShort = nanos;
    nanos = Math.min(MOST_NANOS, nanos == 0 ? lately : Math.max(nanos * 1.04, slower));
    since = now;
    answered = 0;
  }
}
