package org.mor.throughput.adapter.rpc;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what was asked of the endpoints; safe to read while they are being asked. */
public final class RpcStats {
  private final SortedMap<String, Long> calls = new TreeMap<>();
  private final SortedMap<String, Long> failures = new TreeMap<>();
  private long requests;
  private long retries;

  RpcStats() {}

  /**
   * The counts at one moment.
   *
   * @param requests HTTP requests sent
   * @param calls JSON-RPC calls in them, by method
   * @param failures failed exchanges and calls, by the reaction they led to
   * @param retries operations tried again
   */
  public record Snapshot(
      long requests, Map<String, Long> calls, Map<String, Long> failures, long retries) {}

  public synchronized Snapshot snapshot() {
    return new Snapshot(
        requests,
        Collections.unmodifiableSortedMap(new TreeMap<>(calls)),
        Collections.unmodifiableSortedMap(new TreeMap<>(failures)),
        retries);
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
}
