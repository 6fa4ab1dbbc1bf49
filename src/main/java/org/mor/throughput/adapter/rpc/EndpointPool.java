package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;

/** The endpoints in order of preference, and which of them to ask next. */
final class EndpointPool {
  /** An endpoint and what is remembered of it. */
  record Member(EndpointReader reader, EndpointHealth health, boolean preferred) {}

  private final List<Member> members;
  private final Duration longestRest;

  /**
   * @param longestRest an endpoint that rests longer is chosen only when all do
   */
  EndpointPool(List<Member> members, Duration longestRest) {
    this.members = List.copyOf(members);
    this.longestRest = longestRest;
  }

  List<Member> members() {
    return members;
  }

  /**
   * Of those that need no long rest the one that failed least in this operation, then the
   * healthiest, then the most preferred.
   *
   * @throws ChainUnavailableException when none may be asked any more
   */
  Member choose(Need need, Attempts attempts, Instant now) {
    return members.stream()
        .filter(member -> member.health().isUsable())
        .min(
            Comparator.comparing(
                    (Member member) -> member.health().restUntil().isAfter(now.plus(longestRest)))
                .thenComparingInt(attempts::failuresOf)
                .thenComparingInt(member -> member.health().rank(need, now)))
        .orElseThrow(this::noneLeft);
  }

  /** How many may be asked at all. */
  int usable() {
    return (int) members.stream().filter(member -> member.health().isUsable()).count();
  }

  /** The others that may be asked now and have the block, the healthiest first. */
  List<Member> others(EndpointReader than, Need need, Instant now) {
    return members.stream()
        .filter(member -> member.reader() != than && member.health().isAtHand(need, now))
        .sorted(Comparator.comparingInt(member -> member.health().rank(need, now)))
        .toList();
  }

  String names() {
    return members.stream().map(member -> member.reader().name()).collect(Collectors.joining(", "));
  }

  private ChainUnavailableException noneLeft() {
    String reasons =
        members.stream()
            .map(member -> member.health().unusableBecause())
            .collect(Collectors.joining("; "));
    return new ChainUnavailableException(
        "No endpoint may be asked any more: %s\nnext: check the addresses, keys and plans of BASE_RPC_URL, then run again"
            .formatted(reasons));
  }
}
