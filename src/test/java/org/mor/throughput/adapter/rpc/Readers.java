package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.RawLog;

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
            .withRequestTimeout(Duration.ofMillis(600))
            .withBudget(4, Duration.ofMinutes(2)),
        time,
        new Random(1));
  }

  /** With as many tries as the program has. */
  static RpcChainReader patient(VirtualTime time, FakeNode... nodes) {
    return RpcChainReader.open(
        Arrays.stream(nodes).map(FakeNode::url).toList(),
        CHAIN,
        RpcOptions.defaults().withRequestTimeout(Duration.ofSeconds(10)),
        time,
        new Random(1));
  }

  /** All logs of the query, slice by slice. */
  static List<RawLog> logs(RpcChainReader reader, LogQuery query) {
    List<RawLog> logs = new ArrayList<>();
    Optional<BlockRange> rest = Optional.of(query.range());
    while (rest.isPresent()) {
      LogSlice slice = reader.logs(query.over(rest.get()));
      logs.addAll(slice.logs());
      rest = rest.get().after(slice.range().last());
    }
    return logs;
  }

  static RpcStats.Snapshot stats(RpcChainReader reader) {
    return reader.stats().snapshot();
  }
}
