package org.mor.throughput.chain;

import java.util.List;

/**
 * All logs a query matches in {@code range}, in order of position, and the header of the range's
 * last block, answered by one node in one go: the header proves that the node had the range.
 */
public record LogSlice(BlockRange range, BlockHeader end, List<RawLog> logs) {
  public LogSlice {
    logs = List.copyOf(logs);
    if (end.number() != range.last()) {
      throw new IllegalArgumentException(
          "Header of block %d does not end the range %s".formatted(end.number(), range));
    }
  }
}
