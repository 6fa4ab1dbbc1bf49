package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.mor.throughput.chain.WrongChainException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets an operation done by some endpoint: the preferred one, else another, else the same later.
 */
final class Failover {
  /** For operations that need no particular block. */
  static final long NEWEST = Long.MAX_VALUE;

  private static final Logger LOG = LoggerFactory.getLogger(Failover.class);

  private final EndpointPool pool;
  private final long expectedChainId;
  private final RpcOptions options;
  private final Sleeper sleeper;
  private final Backoff backoff;
  private final RpcStats stats;
  private boolean introduced;

  Failover(
      EndpointPool pool,
      long expectedChainId,
      RpcOptions options,
      Sleeper sleeper,
      Backoff backoff,
      RpcStats stats) {
    this.pool = pool;
    this.expectedChainId = expectedChainId;
    this.options = options;
    this.sleeper = sleeper;
    this.backoff = backoff;
    this.stats = stats;
  }

  /**
   * Asks until there is an answer or the budget is spent.
   *
   * @param what the operation, for messages
   * @param block the lowest block it needs, which decides who has pruned it
   */
  <T> T ask(String what, long block, Function<EndpointReader, T> operation) {
    return ask(what, block, operation, () -> 0);
  }

  /** The same for an operation done in parts: {@code progress} grows with each part done. */
  <T> T ask(String what, long block, Function<EndpointReader, T> operation, LongSupplier progress) {
    introduce();
    Attempts attempts = new Attempts(what, options, sleeper.now());
    long done = progress.getAsLong();
    while (true) {
      EndpointPool.Member member = pool.choose(block, attempts, sleeper.now());
      rest(member);
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
        note(member, failure, block, attempts);
        goOn(block, attempts, failure);
      }
    }
  }

  /** At first use every endpoint says its chain id; one that does not answer is asked later. */
  void introduce() {
    if (introduced) {
      return;
    }
    for (EndpointPool.Member member : pool.members()) {
      try {
        identify(member);
      } catch (EndpointFailure failure) {
        Attempts first = new Attempts("Asking for the chain id", options, sleeper.now());
        first.failed(member, failure);
        note(member, failure, NEWEST, first);
      }
    }
    introduced = true;
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
      EndpointPool.Member member, EndpointFailure failure, long block, Attempts attempts) {
    Instant now = sleeper.now();
    LOG.info("Try {}: {} ({})", attempts.count(), failure.text(), failure.reaction().label());
    EndpointHealth health = member.health();
    switch (failure.reaction()) {
      case REFUSED -> health.giveUp(failure.text());
      case PRUNED -> health.prunedUpTo(block == NEWEST ? -1 : block);
      case RATE -> health.restUntil(now.plus(backoff.after(attempts.count())));
      default -> health.failed(now);
    }
    failure.retryAfter().ifPresent(wait -> health.restUntil(now.plus(bounded(wait))));
  }

  /** A fresh endpoint is asked at once; one that has failed gets time to recover. */
  private void goOn(long block, Attempts attempts, EndpointFailure failure) {
    Instant now = sleeper.now();
    EndpointPool.Member next = pool.choose(block, attempts, now);
    int failures = attempts.failuresOf(next);
    Duration wait = failures == 0 ? Duration.ZERO : backoff.after(failures);
    Duration rest = Duration.between(now, max(now, next.health().restUntil()));
    attempts.requireAnother(pool, failure, wait.compareTo(rest) > 0 ? wait : rest, now);
    stats.retried();
    if (!wait.isZero()) {
      sleeper.sleep(wait);
    }
  }

  private void rest(EndpointPool.Member member) {
    Instant now = sleeper.now();
    if (member.health().restUntil().isAfter(now)) {
      sleeper.sleep(Duration.between(now, member.health().restUntil()));
    }
  }

  private Duration bounded(Duration wait) {
    return wait.compareTo(options.maxRetryAfter()) > 0 ? options.maxRetryAfter() : wait;
  }

  private static Instant max(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
