package org.mor.throughput.adapter.rpc;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what was asked of the endpoints; safe to read while they are being asked. */
public final class RpcStats {
  /** The failures of endpoints that do not accept the key or the address. */
  public static final String REFUSED = Reaction.REFUSED.label();

  /** The failures of endpoints whose plan or node does not allow what was asked. */
  public static final String PLAN = Reaction.PLAN.label();

  private final SortedMap<String, Long> calls = new TreeMap<>();
  private final SortedMap<String, Long> failures = new TreeMap<>();
  private Opinions opinions = Opinions.NONE;
  private final ThreadLocal<Long> byThread = ThreadLocal.withInitial(() -> 0L);
  private long requests;
  private long retries;

  RpcStats() {}

  /**
   * The second opinions on answers without logs.
   *
   * @param confirmed another endpoint has none either
   * @param disagreed another endpoint has some: they are taken, and the omission is logged
   * @param unconfirmed no other endpoint could say
   * @param requests HTTP requests they took, which are among all requests
   */
  public record Opinions(long confirmed, long disagreed, long unconfirmed, long requests) {
    static final Opinions NONE = new Opinions(0, 0, 0, 0);
    static final Opinions CONFIRMED = new Opinions(1, 0, 0, 0);
    static final Opinions DISAGREED = new Opinions(0, 1, 0, 0);
    static final Opinions UNCONFIRMED = new Opinions(0, 0, 1, 0);

    private Opinions combined(Opinions other, long sign) {
      return new Opinions(
          confirmed + sign * other.confirmed,
          disagreed + sign * other.disagreed,
          unconfirmed + sign * other.unconfirmed,
          requests + sign * other.requests);
    }
  }

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
      Opinions opinions) {

    /** Nothing was asked. */
    public static Snapshot nothing() {
      return new Snapshot(0, Map.of(), Map.of(), 0, Opinions.NONE);
    }

    /** Both together. */
    public Snapshot plus(Snapshot other) {
      return combined(other, 1);
    }

    /** What was added since {@code earlier}, a snapshot of the same counts. */
    public Snapshot since(Snapshot earlier) {
      return combined(earlier, -1);
    }

    private Snapshot combined(Snapshot other, long sign) {
      return new Snapshot(
          requests + sign * other.requests,
          combined(calls, other.calls, sign),
          combined(failures, other.failures, sign),
          retries + sign * other.retries,
          opinions.combined(other.opinions, sign));
    }

    private static Map<String, Long> combined(
        Map<String, Long> own, Map<String, Long> others, long sign) {
      SortedMap<String, Long> sums = new TreeMap<>(own);
      others.forEach((name, count) -> sums.merge(name, sign * count, Long::sum));
      sums.values().removeIf(count -> count == 0);
      return Collections.unmodifiableSortedMap(sums);
    }
  }

  public synchronized Snapshot snapshot() {
    return new Snapshot(
        requests,
        Collections.unmodifiableSortedMap(new TreeMap<>(calls)),
        Collections.unmodifiableSortedMap(new TreeMap<>(failures)),
        retries,
        opinions);
  }

  /** HTTP requests that the calling thread has sent. */
  long requestsByThread() {
    return byThread.get();
  }

  synchronized void sent(Iterable<RpcCall> batch) {
    requests++;
    byThread.set(byThread.get() + 1);
    batch.forEach(call -> calls.merge(call.method(), 1L, Long::sum));
  }

  synchronized void failed(Reaction reaction) {
    failures.merge(reaction.label(), 1L, Long::sum);
  }

  synchronized void retried() {
    retries++;
  }

  synchronized void opinion(Opinions more) {
    opinions = opinions.combined(more, 1);
  }
}
