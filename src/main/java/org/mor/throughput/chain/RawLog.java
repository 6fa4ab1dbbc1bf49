package org.mor.throughput.chain;

import java.util.List;

/** One log as the node gave it, already checked to lie in the asked range and not to be removed. */
public record RawLog(
    Address address, List<Hash32> topics, Bytes data, LogPosition position, Hash32 txHash) {
  public RawLog {
    topics = List.copyOf(topics);
  }
}
