package org.mor.throughput.adapter.rpc;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what was asked of the endpoints; safe to read while they are being asked. */
public final class RpcStats {
  private final SortedMap<String, Long> calls = new TreeMap<>();
  private final SortedMap<String, Long> failures = new TreeMap<>();
  private final Map<Opinion, Long> opinions = new EnumMap<>(Opinion.class);
  private long opinionRequests;
  private long requests;
  private long retries;

  RpcStats() {}

  /** What came of asking another endpoint about an answer without logs. */
  enum Opinion {
    CONFIRMED,
    DISAGREED,
    UNCONFIRMED
  }

  /**
   * The second opinions on answers without logs.
   *
   * @param confirmed another endpoint has none either
   * @param disagreed another endpoint has some: they are taken, and the omission is logged
   * @param unconfirmed no other endpoint could say
   * @param requests HTTP requests they took, which are among all requests
   */
  public record Opinions(long confirmed, long disagreed, long unconfirmed, long requests) {}

  /**
   * The counts at one moment.
   *
   * @param requests HTTP requests sent
   * @param calls JSON-RPC calls in them, by method
   * @param failures failed exchanges and calls, by the reaction they led to
   * @param retries operations tried again
   */
  public record Snapshot(
      long requests,
      Map<String, Long> calls,
      Map<String, Long> failures,
      long retries,
      Opinions opinions) {}

  public synchronized Snapshot snapshot() {
    return new Snapshot(
        requests,
        Collections.unmodifiableSortedMap(new TreeMap<>(calls)),
        Collections.unmodifiableSortedMap(new TreeMap<>(failures)),
        retries,
        new Opinions(
            opinions.getOrDefault(Opinion.CONFIRMED, 0L),
            opinions.getOrDefault(Opinion.DISAGREED, 0L),
            opinions.getOrDefault(Opinion.UNCONFIRMED, 0L),
            opinionRequests));
  }

  synchronized void sent(Iterable<RpcCall> batch) {
    requests++;
    batch.forEach(call -> calls.merge(call.method(), 1L, Long::sum));
  }

  synchronized void failed(Reaction reaction) {
    failures.merge(reaction.label(), 1L, Long::sum);
  }

  synchronized void retried() {
    retries++;
  }

  synchronized void opinion(Opinion opinion) {
    opinions.merge(opinion, 1L, Long::sum);
  }

  synchronized void spentOnOpinions(long count) {
    opinionRequests += count;
  }
}
