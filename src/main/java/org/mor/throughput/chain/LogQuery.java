package org.mor.throughput.chain;

import java.util.List;

/** Logs of one contract whose first topic is any of {@code topic0}, in a range of blocks. */
public record LogQuery(Address address, List<Hash32> topic0, BlockRange range) {
  public LogQuery {
    topic0 = List.copyOf(topic0);
    if (topic0.isEmpty()) {
      throw new IllegalArgumentException("A log query needs at least one topic");
    }
  }

  public LogQuery over(BlockRange narrower) {
    return new LogQuery(address, topic0, narrower);
  }
}
