package org.mor.throughput.chain;

import java.util.List;
import java.util.OptionalLong;

/**
 * Logs of one contract whose first topic is any of {@code topic0}, in a range of blocks.
 *
 * @param anchor a block whose header is wanted with the logs, from the same node: that it is as
 *     before shows that the logs are of the same chain; empty where none is wanted
 */
public record LogQuery(
    Address address, List<Hash32> topic0, BlockRange range, OptionalLong anchor) {
  public LogQuery {
    topic0 = List.copyOf(topic0);
    if (topic0.isEmpty()) {
      throw new IllegalArgumentException("A log query needs at least one topic");
    }
  }

  /** A query without an anchor. */
  public LogQuery(Address address, List<Hash32> topic0, BlockRange range) {
    this(address, topic0, range, OptionalLong.empty());
  }

  public LogQuery over(BlockRange narrower) {
    return new LogQuery(address, topic0, narrower, anchor);
  }

  public LogQuery anchoredAt(long block) {
    return new LogQuery(address, topic0, range, OptionalLong.of(block));
  }
}
