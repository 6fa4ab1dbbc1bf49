package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainException.StatePrunedException;

/** How often one operation was tried, and when that is enough. */
final class RetryBudget {
  private static final int MAX_CONTRADICTIONS = 4;
  private static final int MAX_PRUNED_PER_ENDPOINT = 2;

  private static final String OUT_OF_TIME =
      "the run's time was nearly up; the next run goes on, or give the function a longer timeout";

  private final String what;
  private final RpcOptions options;
  private final QuestionTime time;
  private final Map<Member, Integer> failures = new HashMap<>();
  private Instant start;
  private Duration longest;
  private int count;
  private int contradictions;
  private int pruned;

  RetryBudget(String what, RpcOptions options, QuestionTime time, Instant now) {
    this.what = what;
    this.options = options;
    this.time = time;
    this.start = now;
    this.longest = time.atMost(options.maxElapsed());
  }

  int count() {
    return count;
  }

  int failuresOf(Member member) {
    return failures.getOrDefault(member, 0);
  }

  /** A part of the operation is done: the budget is for the rest. */
  void progressed(Instant now) {
    count = 0;
    contradictions = 0;
    pruned = 0;
    failures.clear();
    start = now;
    longest = time.atMost(options.maxElapsed());
  }

  void failed(Member member, EndpointFailure failure) {
    count++;
    failures.merge(member, 1, Integer::sum);
    contradictions += failure.reaction() == Reaction.CONTRADICTION ? 1 : 0;
    pruned += failure.reaction() == Reaction.PRUNED ? 1 : 0;
  }

  /** Throws once the budget is spent, or would be by waiting. */
  void requireAnother(List<Member> members, EndpointFailure last, Duration wait, Instant now) {
    Duration spent = Duration.between(start, now);
    if (contradictions >= MAX_CONTRADICTIONS) {
      throw new ChainContradictionException(
          "%s: %d answers contradicted themselves; the last: %s. Nothing was stored; put another endpoint first in BASE_RPC_URL"
              .formatted(what, contradictions, last.text()),
          last);
    }
    if (pruned >= MAX_PRUNED_PER_ENDPOINT * members.size()) {
      throw new StatePrunedException(
          message(
              members,
              last,
              spent,
              "use an endpoint that keeps the whole history; for a block near the head lower SAFETY_LAG_BLOCKS, or set CONFIRMATION=blocks"),
          last);
    }
    boolean timeIsUp = spent.plus(wait).compareTo(longest) > 0 || outlasts(wait);
    if (timeIsUp && isCutShort()) {
      throw new ChainUnavailableException(message(members, last, spent, OUT_OF_TIME), last);
    }
    if (count >= options.maxAttempts() || timeIsUp) {
      throw new ChainUnavailableException(
          message(members, last, spent, advice(last.reaction())), last);
    }
  }

  private static String advice(Reaction reaction) {
    return reaction == Reaction.RATE
        ? "try again later, take a larger plan, or add an endpoint to BASE_RPC_URL"
        : "try again later or add an endpoint to BASE_RPC_URL";
  }

  /** Throws when the best that may be asked wants a longer pause than any that is waited for. */
  void requireShortRest(Member member, Instant now) {
    if (member.rest(now).compareTo(options.maxRetryAfter()) > 0) {
      throw new ChainUnavailableException(
          "%s: every endpoint wants a pause of more than %d s, which is not waited for: %s\nnext: run again after the pause, take a larger plan, or add an endpoint to BASE_RPC_URL"
              .formatted(what, options.maxRetryAfter().toSeconds(), member.restReason()));
    }
  }

  /** Throws where an endpoint's pause would outlast the process. */
  void requireTime(Member member, Duration pause) {
    if (isCutShort() && outlasts(pause)) {
      throw new ChainUnavailableException(
          "%s: %s asked for a pause that lasts %d s more, and the run has no time for it\nnext: %s"
              .formatted(what, member.name(), pause.toSeconds(), OUT_OF_TIME));
    }
  }

  private boolean outlasts(Duration wait) {
    return wait.compareTo(time.atMost(longest)) > 0;
  }

  private boolean isCutShort() {
    return time.atMost(longest).compareTo(options.maxElapsed()) < 0;
  }

  private String message(
      List<Member> members, EndpointFailure last, Duration spent, String advice) {
    return "%s: no answer after %d tries in %d s on %s; the last: %s\nnext: %s"
        .formatted(what, count, spent.toSeconds(), names(members), last.text(), advice);
  }

  private static String names(List<Member> members) {
    return members.stream().map(Member::name).collect(Collectors.joining(", "));
  }

  /** How often a head behind the known one, or a missing block, is asked for again. */
  static final class LagTries {
    static final int MOST = 3;

    private int count;

    boolean isLast() {
      count++;
      return count >= MOST;
    }
  }

  /**
   * How long one question to the chain may take, asked anew each time: a process that will be ended
   * at a known moment allows less the nearer that moment is.
   */
  static final class QuestionTime {
    private volatile Supplier<Duration> longest = () -> Duration.ofDays(1);

    void limit(Supplier<Duration> limit) {
      longest = limit;
    }

    /** {@code usual}, or less where less is allowed now. */
    Duration atMost(Duration usual) {
      Duration now = longest.get();
      return now.compareTo(usual) < 0 ? now : usual;
    }
  }
}
