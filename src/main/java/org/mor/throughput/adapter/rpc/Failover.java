package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.mor.throughput.adapter.rpc.Member.Need;
import org.mor.throughput.adapter.rpc.RetryBudget.QuestionTime;
import org.mor.throughput.base.Backoff;
import org.mor.throughput.base.Sleeper.InterruptedWaitException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainException.StatePrunedException;
import org.mor.throughput.chain.ChainException.WrongChainException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Gets an operation done by some endpoint: the preferred one, else another, else the same later.
 */
final class Failover {
  private static final Logger LOG = LoggerFactory.getLogger(Failover.class);

  /** A question that is answered before so many tries is nothing that an operator must know of. */
  private static final int WORTH_TELLING = 3;

  private static final int ALONE_ATTEMPTS = 5;
  private static final int ASIDE_ATTEMPTS = 3;
  private static final Duration ALONE_ELAPSED = Duration.ofSeconds(15);

  /** An endpoint that asks for a longer pause is tried again after this one. */
  private static final Duration LONGEST_REST = Duration.ofHours(1);

  private final List<Member> members;
  private final long expectedChainId;
  private final RpcOptions options;
  private final QuestionTime time;
  private final Backoff backoff;
  private final RpcStats stats;
  private boolean introduced;

  /**
   * @param members in order of preference
   */
  Failover(
      List<Member> members,
      long expectedChainId,
      RpcOptions options,
      QuestionTime time,
      Backoff backoff,
      RpcStats stats) {
    this.members = List.copyOf(members);
    this.expectedChainId = expectedChainId;
    this.options = options;
    this.time = time;
    this.backoff = backoff;
    this.stats = stats;
  }

  List<Member> members() {
    return members;
  }

  Instant now() {
    return backoff.sleeper().now();
  }

  /** The same for one endpoint by itself, given up sooner than all of them together. */
  Failover alone(Member member) {
    RpcOptions sooner =
        options.withBudget(Math.min(options.maxAttempts(), ALONE_ATTEMPTS), ALONE_ELAPSED);
    return new Failover(List.of(member), expectedChainId, sooner, time, backoff, stats);
  }

  /** The one that would be asked first now, for logs from a block on. */
  EndpointReader preferred(long block) {
    Instant now = now();
    Need need = Need.logsFrom(block);
    return members.stream()
        .filter(Member::isUsable)
        .min(Comparator.comparingInt(member -> member.rank(need, now)))
        .orElse(members.get(0))
        .reader();
  }

  /** How many may be asked at all. */
  int usable() {
    return (int) members.stream().filter(Member::isUsable).count();
  }

  /** The others that may be asked now and have the block, the healthiest first. */
  List<Member> others(Member than, Need need) {
    Instant now = now();
    return members.stream()
        .filter(member -> member != than && member.isAtHand(need, now))
        .sorted(Comparator.comparingInt(member -> member.rank(need, now)))
        .toList();
  }

  /**
   * Asks until there is an answer or the budget is spent.
   *
   * @param what the operation, for messages
   */
  <T> T ask(String what, Need need, Function<EndpointReader, T> operation) {
    return ask(what, need, member -> operation.apply(member.reader()), () -> 0);
  }

  /** The same for an operation done in parts: {@code progress} grows with each part done. */
  <T> T ask(String what, Need need, Function<Member, T> operation, LongSupplier progress) {
    introduce();
    RetryBudget budget = new RetryBudget(what, options, time, now());
    long done = progress.getAsLong();
    while (true) {
      Member member = choose(need, budget);
      rest(member, budget);
      try {
        identify(member);
        T answer = operation.apply(member);
        member.succeeded();
        return answer;
      } catch (EndpointFailure failure) {
        if (progress.getAsLong() > done) {
          done = progress.getAsLong();
          budget.progressed(now());
        }
        budget.failed(member, failure);
        note(member, failure, need, budget.count());
        goOn(need, budget, failure);
      }
    }
  }

  /** At first use every endpoint says its chain id; one that does not answer is asked later. */
  private void introduce() {
    if (!introduced) {
      members.forEach(member -> askOnce(member, Need.NEWEST, EndpointReader::name));
      introduced = true;
    }
  }

  /** Asks one endpoint once; when it does not answer that is noted, and there is no answer. */
  <T> Optional<T> askOnce(Member member, Need need, Function<EndpointReader, T> operation) {
    try {
      identify(member);
      return Optional.of(operation.apply(member.reader()));
    } catch (EndpointFailure failure) {
      note(member, failure, need, 1);
      return Optional.empty();
    }
  }

  /** Asks one endpoint once, without any effect on how it is thought of. */
  <T> Optional<T> askAside(Member member, Function<EndpointReader, T> operation) {
    if (!member.isUsable()) {
      return Optional.empty();
    }
    try {
      identify(member);
      return Optional.of(operation.apply(member.reader()));
    } catch (EndpointFailure failure) {
      LOG.debug("{}", failure.text());
      return Optional.empty();
    }
  }

  /**
   * Asks the first endpoint, and again after a wait where that may help, without any effect on how
   * it is thought of: it may lack a method that nothing else needs.
   */
  <T> T aside(String what, Function<EndpointReader, T> operation) {
    Member member = members.get(0);
    for (int i = 1; ; i++) {
      try {
        identify(member);
        return operation.apply(member.reader());
      } catch (EndpointFailure failure) {
        Reaction reaction = failure.reaction();
        if (reaction == Reaction.PRUNED) {
          throw new StatePrunedException("%s: %s".formatted(what, failure.text()), failure);
        }
        boolean later = reaction == Reaction.RATE || reaction == Reaction.TRANSIENT;
        if (!later || i == ASIDE_ATTEMPTS) {
          throw new ChainUnavailableException("%s: %s".formatted(what, failure.text()));
        }
        backoff.await(i);
      }
    }
  }

  private void identify(Member member) {
    if (member.isIdentified() || !member.isUsable()) {
      return;
    }
    long chainId = member.reader().chainId();
    if (chainId == expectedChainId) {
      member.identify();
      return;
    }
    String problem =
        "%s serves chain %d, not %d".formatted(member.name(), chainId, expectedChainId);
    if (member.isPreferred()) {
      throw new WrongChainException(problem + ": check BASE_RPC_URL and NETWORK");
    }
    LOG.warn("{}; it is left out", problem);
    member.giveUp(problem);
    if (introduced) {
      throw member.reader().failure(Reaction.REFUSED, problem);
    }
  }

  private void note(Member member, EndpointFailure failure, Need need, int failures) {
    Instant now = now();
    LOG.atLevel(failures < WORTH_TELLING ? Level.DEBUG : Level.INFO)
        .log("{} ({}): tried {} times", failure.text(), failure.reaction().label(), failures);
    switch (failure.reaction()) {
      case REFUSED, PLAN -> member.giveUp(failure.text());
      case PRUNED -> member.pruned(need);
      case RATE -> member.restUntil(now.plus(backoff.after(failures)), failure.text());
      default -> member.failed(now);
    }
    failure
        .retryAfter()
        .ifPresent(
            wait ->
                member.restUntil(
                    now.plus(wait.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : wait),
                    "%s (Retry-After: %,d s, until %s)"
                        .formatted(failure.text(), wait.toSeconds(), now.plus(wait))));
  }

  /**
   * Of those that need no long rest the one that failed least in this operation, then the
   * healthiest, then the most preferred.
   *
   * @throws ChainUnavailableException when none may be asked any more, or only after a long pause
   */
  private Member choose(Need need, RetryBudget budget) {
    Instant now = now();
    Member best =
        members.stream()
            .filter(Member::isUsable)
            .min(
                Comparator.comparing(
                        (Member member) -> member.rest(now).compareTo(options.maxRetryAfter()) > 0)
                    .thenComparingInt(budget::failuresOf)
                    .thenComparingInt(member -> member.rank(need, now)))
            .orElseThrow(this::noneLeft);
    budget.requireShortRest(best, now);
    return best;
  }

  private ChainUnavailableException noneLeft() {
    return new ChainUnavailableException(
        "No endpoint may be asked any more: %s\nnext: check the addresses, keys and plans of BASE_RPC_URL, then run again"
            .formatted(
                members.stream().map(Member::unusableBecause).collect(Collectors.joining("; "))));
  }

  /** A fresh endpoint is asked at once; one that has failed gets time to recover. */
  private void goOn(Need need, RetryBudget budget, EndpointFailure failure) {
    Member next = choose(need, budget);
    int failures = budget.failuresOf(next);
    Duration wait = failures == 0 ? Duration.ZERO : backoff.after(failures);
    Duration rest = next.rest(now());
    budget.requireAnother(members, failure, wait.compareTo(rest) > 0 ? wait : rest, now());
    stats.retried();
    sleep(wait);
  }

  private void rest(Member member, RetryBudget budget) {
    Duration rest = member.rest(now());
    if (!rest.isZero()) {
      budget.requireTime(member, rest);
      sleep(rest);
    }
  }

  private void sleep(Duration wait) {
    try {
      if (!wait.isZero()) {
        backoff.sleeper().sleep(wait);
      }
    } catch (InterruptedWaitException e) {
      throw new ChainUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }
}
