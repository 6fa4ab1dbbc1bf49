package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

/** Readers over fake nodes, in virtual time. */
final class Readers {
  static final long CHAIN = 8453;

  private Readers() {}

  static FakeNode node() {
    return new FakeNode(new FakeChain(CHAIN));
  }

  static RpcChainReader of(FakeNode... nodes) {
    return of(new VirtualTime(), nodes);
  }

  static RpcChainReader of(VirtualTime time, FakeNode... nodes) {
    return RpcChainReader.open(
        Arrays.stream(nodes).map(FakeNode::url).toList(),
        CHAIN,
        RpcOptions.defaults()
            .withRequestTimeout(Duration.ofMillis(400))
            .withBudget(6, Duration.ofMinutes(2)),
        time,
        new Random(1));
  }

  static RpcStats.Snapshot stats(RpcChainReader reader) {
    return reader.stats().snapshot();
  }
}
