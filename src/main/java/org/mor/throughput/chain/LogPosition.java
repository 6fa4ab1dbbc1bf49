package org.mor.throughput.chain;

/** Where a log stands on the chain; ordered by block, then by index in the block. */
public record LogPosition(long block, long logIndex) implements Comparable<LogPosition> {
  public LogPosition {
    if (block < 0 || logIndex < 0) {
      throw new IllegalArgumentException(
          "Block and log index must not be negative: %d, %d".formatted(block, logIndex));
    }
  }

  @Override
  public int compareTo(LogPosition other) {
    int byBlock = Long.compare(block, other.block);
    return byBlock != 0 ? byBlock : Long.compare(logIndex, other.logIndex);
  }
}
