package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.mor.throughput.chain.ChainContradictionException;
import org.mor.throughput.chain.ChainUnavailableException;
import org.mor.throughput.chain.StatePrunedException;

/** How often one operation was tried, and when that is enough. */
final class Attempts {
  private static final int MAX_CONTRADICTIONS = 4;
  private static final int MAX_PRUNED_PER_ENDPOINT = 2;

  private final String what;
  private final RpcOptions options;
  private final Map<EndpointPool.Member, Integer> failures = new HashMap<>();
  private Instant start;
  private int count;
  private int contradictions;
  private int pruned;

  Attempts(String what, RpcOptions options, Instant now) {
    this.what = what;
    this.options = options;
    this.start = now;
  }

  int count() {
    return count;
  }

  int failuresOf(EndpointPool.Member member) {
    return failures.getOrDefault(member, 0);
  }

  /** A part of the operation is done: the budget is for the rest. */
  void progressed(Instant now) {
    count = 0;
    contradictions = 0;
    pruned = 0;
    failures.clear();
    start = now;
  }

  void failed(EndpointPool.Member member, EndpointFailure failure) {
    count++;
    failures.merge(member, 1, Integer::sum);
    contradictions += failure.reaction() == Reaction.CONTRADICTION ? 1 : 0;
    pruned += failure.reaction() == Reaction.PRUNED ? 1 : 0;
  }

  /** Throws once the budget is spent, or would be by waiting. */
  void requireAnother(EndpointPool pool, EndpointFailure last, Duration wait, Instant now) {
    Duration spent = Duration.between(start, now);
    if (contradictions >= MAX_CONTRADICTIONS) {
      throw new ChainContradictionException(
          "%s: %d answers contradicted themselves; the last: %s. Nothing was stored; put another endpoint first in BASE_RPC_URL"
              .formatted(what, contradictions, last.text()),
          last);
    }
    if (pruned >= MAX_PRUNED_PER_ENDPOINT * pool.members().size()) {
      throw new StatePrunedException(
          message(
              pool,
              last,
              spent,
              "use an endpoint that keeps the whole history; for a block near the head lower"
                  + " SAFETY_LAG_BLOCKS, or set CONFIRMATION=blocks"),
          last);
    }
    if (count >= options.maxAttempts() || spent.plus(wait).compareTo(options.maxElapsed()) > 0) {
      throw new ChainUnavailableException(
          message(pool, last, spent, "try again later or add an endpoint to BASE_RPC_URL"), last);
    }
  }

  private String message(EndpointPool pool, EndpointFailure last, Duration spent, String advice) {
    return "%s: no answer after %d tries in %d s on %s; the last: %s\nnext: %s"
        .formatted(what, count, spent.toSeconds(), pool.names(), last.text(), advice);
  }
}
