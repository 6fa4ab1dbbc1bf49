package org.mor.throughput.lambda;

import org.jspecify.annotations.Nullable;
import org.mor.throughput.adapter.rpc.RpcStats;

/** Counts what one invocation asked, over readers that serve many invocations. */
final class RpcMeter {
  private RpcStats.Snapshot finished = RpcStats.Snapshot.nothing();
  private RpcStats.Snapshot before = RpcStats.Snapshot.nothing();
  private @Nullable RpcStats current;

  /** From now on this reader's counts are added. */
  void follow(RpcStats stats) {
    finished = total();
    current = stats;
    before = stats.snapshot();
  }

  RpcStats.Snapshot total() {
    return current == null ? finished : finished.plus(current.snapshot().since(before));
  }

  /** Whether an endpoint did not accept the key or its plan ended, which a new secret may mend. */
  boolean sawRefusal() {
    var failures = total().failures();
    return failures.containsKey(RpcStats.REFUSED) || failures.containsKey(RpcStats.PLAN);
  }
}
