package org.mor.throughput.adapter.rpc;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.ContractCall;

/**
 * Calls and the results so far. It outlives a failed attempt, so a retry asks only for what is
 * missing, on whichever endpoint.
 */
final class CallProgress {
  private final List<ContractCall> calls;
  private final Map<Integer, CallResult> results = new TreeMap<>();
  private final BitSet alone = new BitSet();
  private final Map<Integer, Set<Endpoint>> bareReverts = new TreeMap<>();
  private final IntSupplier endpoints;

  /**
   * @param endpoints how many endpoints may be asked
   */
  CallProgress(List<ContractCall> calls, IntSupplier endpoints) {
    this.calls = List.copyOf(calls);
    this.endpoints = endpoints;
  }

  ContractCall call(int index) {
    return calls.get(index);
  }

  void put(int index, CallResult result) {
    results.put(index, result);
  }

  /** An aggregate does not tell how this call ends: it goes by itself. */
  void putAlone(int index) {
    alone.set(index);
  }

  /**
   * Notes that a call, asked alone, reverted without a reason. That may be the endpoint's gas cap,
   * so it is the call's result only once every endpoint says so.
   *
   * @return whether every endpoint has said so
   */
  boolean revertedWithoutReason(int index, Endpoint by) {
    Set<Endpoint> said = bareReverts.computeIfAbsent(index, i -> new HashSet<>());
    said.add(by);
    return said.size() >= endpoints.getAsInt();
  }

  /**
   * Takes what some endpoint said of calls that reverted without a reason, where no other answered.
   *
   * @return whether every call has a result now
   */
  boolean settleReverts() {
    bareReverts
        .keySet()
        .forEach(index -> results.putIfAbsent(index, new CallResult.Reverted(Bytes.EMPTY)));
    return results.size() == calls.size();
  }

  int done() {
    return results.size();
  }

  /** The first missing calls that go together, at most {@code count}, within {@code maxBytes}. */
  List<Integer> nextTogether(long count, int maxBytes) {
    return next(count, maxBytes, false, Multicall3::size);
  }

  /** The first missing calls of any kind, at most {@code count}, within {@code maxBytes}. */
  List<Integer> next(long count, int maxBytes) {
    return next(count, maxBytes, true, call -> 200 + 2 * call.data().size());
  }

  /** All results in the order of the calls; none may be missing. */
  List<CallResult> all() {
    if (results.size() != calls.size()) {
      throw new IllegalStateException(
          "%d of %d calls have no result".formatted(calls.size() - results.size(), calls.size()));
    }
    return List.copyOf(results.values());
  }

  private List<Integer> next(
      long count, int maxBytes, boolean withAlone, ToIntFunction<ContractCall> size) {
    List<Integer> chosen = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < calls.size() && chosen.size() < count; i++) {
      if (results.containsKey(i) || (!withAlone && alone.get(i))) {
        continue;
      }
      bytes += size.applyAsInt(calls.get(i));
      if (bytes > maxBytes && !chosen.isEmpty()) {
        break;
      }
      chosen.add(i);
    }
    return chosen;
  }
}
