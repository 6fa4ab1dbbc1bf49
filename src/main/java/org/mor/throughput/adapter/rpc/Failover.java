package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainException.StatePrunedException;
import org.mor.throughput.chain.ChainException.WrongChainException;
import org.mor.throughput.chain.Witness;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets an operation done by some endpoint: the preferred one, else another, else the same later.
 */
final class Failover {
  private static final Logger LOG = LoggerFactory.getLogger(Failover.class);
  private static final int ALONE_ATTEMPTS = 5;
  private static final int ASIDE_ATTEMPTS = 3;
  private static final Duration ALONE_ELAPSED = Duration.ofSeconds(15);

  /** An endpoint that asks for a longer pause is tried again after this one. */
  private static final Duration LONGEST_REST = Duration.ofHours(1);

  private final EndpointPool pool;
  private final long expectedChainId;
  private final RpcOptions options;
  private final QuestionTime time;
  private final Sleeper sleeper;
  private final Backoff backoff;
  private final RpcStats stats;
  private boolean introduced;

  Failover(
      EndpointPool pool,
      long expectedChainId,
      RpcOptions options,
      QuestionTime time,
      Sleeper sleeper,
      Backoff backoff,
      RpcStats stats) {
    this.pool = pool;
    this.expectedChainId = expectedChainId;
    this.options = options;
    this.time = time;
    this.sleeper = sleeper;
    this.backoff = backoff;
    this.stats = stats;
  }

  List<EndpointPool.Member> members() {
    return pool.members();
  }

  /**
   * Every endpoint by itself, each given up sooner than all of them together.
   *
   * @param turn held while one is asked
   */
  List<Witness> eachAlone(Object turn) {
    RpcOptions sooner =
        options.withBudget(Math.min(options.maxAttempts(), ALONE_ATTEMPTS), ALONE_ELAPSED);
    List<Witness> each = new ArrayList<>();
    for (EndpointPool.Member member : pool.members()) {
      EndpointPool only = new EndpointPool(List.of(member), sooner.maxRetryAfter());
      Failover alone = new Failover(only, expectedChainId, sooner, time, sleeper, backoff, stats);
      each.add(new EndpointWitness(member.reader(), alone, turn));
    }
    return each;
  }

  /**
   * Asks until there is an answer or the budget is spent.
   *
   * @param what the operation, for messages
   */
  <T> T ask(String what, Need need, Function<EndpointReader, T> operation) {
    return ask(what, need, operation, () -> 0);
  }

  /** The same for an operation done in parts: {@code progress} grows with each part done. */
  <T> T ask(String what, Need need, Function<EndpointReader, T> operation, LongSupplier progress) {
    introduce();
    Attempts attempts = new Attempts(what, options, time, sleeper.now());
    long done = progress.getAsLong();
    while (true) {
      EndpointPool.Member member = pool.choose(need, attempts, sleeper.now());
      attempts.requireShortRest(member, sleeper.now());
      rest(member, attempts);
      try {
        identify(member);
        T answer = operation.apply(member.reader());
        member.health().succeeded();
        return answer;
      } catch (EndpointFailure failure) {
        if (progress.getAsLong() > done) {
          done = progress.getAsLong();
          attempts.progressed(sleeper.now());
        }
        attempts.failed(member, failure);
        note(member, failure, need, attempts);
        goOn(need, attempts, failure);
      }
    }
  }

  /** At first use every endpoint says its chain id; one that does not answer is asked later. */
  void introduce() {
    if (introduced) {
      return;
    }
    for (EndpointPool.Member member : pool.members()) {
      askOnce(member, Need.NEWEST, EndpointReader::name);
    }
    introduced = true;
  }

  /** Asks one endpoint once; when it does not answer that is noted, and there is no answer. */
  <T> Optional<T> askOnce(
      EndpointPool.Member member, Need need, Function<EndpointReader, T> operation) {
    try {
      identify(member);
      return Optional.of(operation.apply(member.reader()));
    } catch (EndpointFailure failure) {
      Attempts only = new Attempts("Asking once", options, time, sleeper.now());
      only.failed(member, failure);
      note(member, failure, need, only);
      return Optional.empty();
    }
  }

  /** Asks one endpoint once, without any effect on how it is thought of. */
  <T> Optional<T> askAside(EndpointPool.Member member, Function<EndpointReader, T> operation) {
    if (!member.health().isUsable()) {
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
    EndpointPool.Member member = pool.members().get(0);
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
        sleeper.sleep(backoff.after(i));
      }
    }
  }

  private void identify(EndpointPool.Member member) {
    EndpointHealth health = member.health();
    if (health.isIdentified() || !health.isUsable()) {
      return;
    }
    long chainId = member.reader().chainId();
    if (chainId == expectedChainId) {
      health.identify();
      return;
    }
    String problem =
        "%s serves chain %d, not %d".formatted(member.reader().name(), chainId, expectedChainId);
    if (member.preferred()) {
      throw new WrongChainException(problem + ": check BASE_RPC_URL and NETWORK");
    }
    LOG.warn("{}; it is left out", problem);
    health.giveUp(problem);
    if (introduced) {
      throw member.reader().failure(Reaction.REFUSED, problem);
    }
  }

  private void note(
      EndpointPool.Member member, EndpointFailure failure, Need need, Attempts attempts) {
    Instant now = sleeper.now();
    LOG.info("Try {}: {} ({})", attempts.count(), failure.text(), failure.reaction().label());
    EndpointHealth health = member.health();
    switch (failure.reaction()) {
      case REFUSED, PLAN -> health.giveUp(failure.text());
      case PRUNED -> health.pruned(need);
      case RATE -> health.restUntil(now.plus(backoff.after(attempts.count())), failure.text());
      default -> health.failed(now);
    }
    failure.retryAfter().ifPresent(wait -> rest(health, wait, failure, now));
  }

  private static void rest(
      EndpointHealth health, Duration wait, EndpointFailure failure, Instant now) {
    Duration kept = wait.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : wait;
    health.restUntil(
        now.plus(kept),
        "%s (Retry-After: %,d s, until %s)"
            .formatted(failure.text(), wait.toSeconds(), now.plus(wait)));
  }

  /** A fresh endpoint is asked at once; one that has failed gets time to recover. */
  private void goOn(Need need, Attempts attempts, EndpointFailure failure) {
    Instant now = sleeper.now();
    EndpointPool.Member next = pool.choose(need, attempts, now);
    attempts.requireShortRest(next, now);
    int failures = attempts.failuresOf(next);
    Duration wait = failures == 0 ? Duration.ZERO : backoff.after(failures);
    Duration rest = Duration.between(now, max(now, next.health().restUntil()));
    attempts.requireAnother(pool, failure, wait.compareTo(rest) > 0 ? wait : rest, now);
    stats.retried();
    if (!wait.isZero()) {
      sleeper.sleep(wait);
    }
  }

  private void rest(EndpointPool.Member member, Attempts attempts) {
    Instant now = sleeper.now();
    if (member.health().restUntil().isAfter(now)) {
      Duration wait = Duration.between(now, member.health().restUntil());
      attempts.requireTime(member, wait);
      sleeper.sleep(wait);
    }
  }

  private static Instant max(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
