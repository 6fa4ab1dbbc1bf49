package org.mor.throughput.adapter.rpc;

import java.util.OptionalLong;

/** Looks for the lowest block whose state some endpoint still has. */
final class StateSearch {
  private final EndpointPool pool;
  private final Failover failover;

  /** How far behind the newest block the lowest state was when it was looked for last. */
  private long depth = 127;

  StateSearch(EndpointPool pool, Failover failover) {
    this.pool = pool;
    this.failover = failover;
  }

  /** The lowest one from {@code block} up to {@code newest}; empty where there is none. */
  OptionalLong lowest(long block, long newest) {
    if (block > newest) {
      return OptionalLong.empty();
    }
    long low = block;
    long high = newest + 1;
    long guess = Math.max(low, newest - depth);
    if (isThere(guess)) {
      high = guess;
      low = guess > block && isThere(guess - 1) ? block : guess;
    } else {
      low = guess + 1;
    }
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (isThere(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    if (high > block && high <= newest) {
      depth = newest - high;
    }
    return high > newest ? OptionalLong.empty() : OptionalLong.of(high);
  }

  private boolean isThere(long block) {
    return failover.ask(
        "Looking for the state of block " + block,
        Need.stateAt(block),
        reader ->
            reader.hasState(Multicall3.ADDRESS, block)
                || pool.members().stream()
                    .filter(member -> member.reader() != reader)
                    .anyMatch(
                        member ->
                            failover
                                .askAside(member, r -> r.hasState(Multicall3.ADDRESS, block))
                                .orElse(false)));
  }
}
