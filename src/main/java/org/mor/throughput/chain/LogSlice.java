package org.mor.throughput.chain;

import java.util.List;
import java.util.Optional;

/**
 * All logs a query matches in {@code range}, in order of position, and the header of the range's
 * last block, answered by one node in one go: the header proves that the node had the range.
 *
 * @param anchor the header of the query's anchor, read with the logs or after them from the same
 *     node; empty where the query has none
 * @param host of the endpoint that answered; empty where that is not known
 */
public record LogSlice(
    BlockRange range,
    BlockHeader end,
    List<RawLog> logs,
    Optional<BlockHeader> anchor,
    String host) {
  public LogSlice {
    logs = List.copyOf(logs);
    if (end.number() != range.last()) {
      throw new IllegalArgumentException(
          "Header of block %d does not end the range %s".formatted(end.number(), range));
    }
  }

  /** A slice without an anchor, of an unknown host. */
  public LogSlice(BlockRange range, BlockHeader end, List<RawLog> logs) {
    this(range, end, logs, Optional.empty(), "");
  }

  /** The highest block that the slice shows of its chain: what is read next stands on it. */
  public BlockHeader top() {
    return anchor.filter(header -> header.number() > end.number()).orElse(end);
  }

  /** The same blocks with other logs. */
  public LogSlice with(List<RawLog> others) {
    return new LogSlice(range, end, others, anchor, host);
  }
}
