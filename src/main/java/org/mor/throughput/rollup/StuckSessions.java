package org.mor.throughput.rollup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.session.OpenRow.OpenFacts;

/**
 * Sessions that nobody closed.
 *
 * @param stuckExpired open on chain although their end has passed
 * @param morLocked the stake they hold
 * @param byAge how long ago they ended
 * @param topProviders at most 10, most MOR locked first, ties by address
 * @param openActive open on chain, and not ended as far as known
 * @param closedWithoutEvent closed on chain although no close was seen: for the log and for repair,
 *     never published
 */
public record StuckSessions(
    long stuckExpired,
    Wei morLocked,
    StuckAges byAge,
    List<StuckProvider> topProviders,
    long openActive,
    List<Hash32> closedWithoutEvent) {
  private static final int TOP = 10;

  public StuckSessions {
    topProviders = List.copyOf(topProviders);
    closedWithoutEvent = List.copyOf(closedWithoutEvent);
    if (byAge.total() != stuckExpired) {
      throw new IllegalArgumentException(
          "%d stuck sessions, but %s by age".formatted(stuckExpired, byAge));
    }
  }

  /**
   * The sessions whose on-chain state {@link #of} must be told: every open without a close, since
   * one that has not ended may have been closed early without an event.
   */
  public static List<Hash32> needsChainCheck(Collection<OpenFacts> unclosed, AsOf asOf) {
    return unclosed.stream()
        .filter(open -> open.openedAt() <= asOf.time())
        .map(OpenFacts::sessionId)
        .toList();
  }

  /**
   * Sorts the opens without a close by what the chain says.
   *
   * @param closedAtOnChain each session's {@code closedAt}; 0 while it is open. A later one than
   *     asOf counts as open.
   * @throws IllegalArgumentException when the chain's word on a session is missing
   */
  public static StuckSessions of(
      Collection<OpenFacts> unclosed, Map<Hash32, Long> closedAtOnChain, AsOf asOf) {
    List<Hash32> closed = new ArrayList<>();
    List<OpenFacts> stuck = new ArrayList<>();
    long active = 0;
    for (OpenFacts open : unclosed) {
      if (open.openedAt() > asOf.time()) {
        continue;
      }
      long closedAt = closedAt(open, closedAtOnChain);
      if (closedAt > 0 && closedAt <= asOf.time()) {
        closed.add(open.sessionId());
      } else if (open.endsAt() > 0 && open.endsAt() < asOf.time()) {
        stuck.add(open);
      } else {
        active++;
      }
    }
    closed.sort(Comparator.naturalOrder());
    return new StuckSessions(
        stuck.size(),
        stuck.stream().map(OpenFacts::stake).reduce(Wei.ZERO, Wei::plus),
        StuckAges.of(stuck, asOf),
        top(stuck),
        active,
        closed);
  }

  private static long closedAt(OpenFacts open, Map<Hash32, Long> closedAtOnChain) {
    Long closedAt = closedAtOnChain.get(open.sessionId());
    if (closedAt == null || closedAt < 0) {
      throw new IllegalArgumentException(
          "Session %s has no close event and its state was not read from the chain (closedAt %s)"
              .formatted(open.sessionId(), closedAt));
    }
    return closedAt;
  }

  private static List<StuckProvider> top(List<OpenFacts> stuck) {
    Map<Address, StuckProvider> providers = new TreeMap<>();
    for (OpenFacts open : stuck) {
      if (open.provider() != null) {
        StuckProvider one = new StuckProvider(open.provider(), 1, open.stake());
        providers.merge(open.provider(), one, StuckProvider::plus);
      }
    }
    return providers.values().stream()
        .sorted(
            Comparator.comparing(StuckProvider::morLocked)
                .reversed()
                .thenComparing(StuckProvider::provider))
        .limit(TOP)
        .toList();
  }
}
