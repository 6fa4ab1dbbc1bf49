package org.mor.throughput.adapter.rpc;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The most that an endpoint has answered of each method. An error in unknown words about as much as
 * was answered before comes and goes, so it is about the moment and not about the question.
 */
final class Experience {
  /** Failures in a row that are taken for the moment's; then what was answered counts no more. */
  private static final int PATIENCE = 3;

  private static final int TEXTS_KEPT = 100;
  private static final String BATCH = "batch";

  /** What failed in which unknown words, and how much of it was asked for. */
  private record Failed(long size, String text) {}

  private final Map<String, Long> most = new HashMap<>();
  private final Map<String, Failed> unexplained = new HashMap<>();
  private final Map<String, Integer> failuresInARow = new HashMap<>();

  /** Errors that came and went. */
  private final Set<String> passing = new HashSet<>();

  /** The call has a result. */
  void answered(RpcCall call) {
    answered(call.method(), call.size());
  }

  /** Each call of a batch was answered, be it with an error. */
  void answeredBatch(int calls) {
    answered(BATCH, calls);
  }

  private void answered(String what, long size) {
    most.merge(what, size, Math::max);
    failuresInARow.remove(what);
    Failed before = unexplained.remove(what);
    if (before != null && before.size() <= size && passing.size() < TEXTS_KEPT) {
      passing.add(before.text());
    }
  }

  boolean isEmpty() {
    return most.isEmpty();
  }

  /** Whether any batch was answered. */
  boolean hasBatch() {
    return most.containsKey(BATCH);
  }

  /** Whether the endpoint has answered as much of each call, together if they are several. */
  boolean has(List<RpcCall> calls) {
    return most.getOrDefault(BATCH, 1L) >= calls.size()
        && calls.stream().allMatch(call -> most.getOrDefault(call.method(), 0L) >= call.size());
  }

  /**
   * Whether an error in words that nobody knows is about the moment: as much was answered before,
   * or the same error has come and gone. Not for ever, since the same range can be denser.
   *
   * @param text the same for errors that differ in their numbers only
   */
  boolean isPassing(List<RpcCall> calls, String text) {
    String what = calls.size() > 1 ? BATCH : calls.get(0).method();
    if (!has(calls) && !passing.contains(text)) {
      unexplained.put(
          what, new Failed(calls.size() > 1 ? calls.size() : calls.get(0).size(), text));
      return false;
    }
    if (failuresInARow.merge(what, 1, Integer::sum) <= PATIENCE) {
      passing.add(text);
      return true;
    }
    most.remove(what);
    passing.remove(text);
    failuresInARow.remove(what);
    return false;
  }
}
