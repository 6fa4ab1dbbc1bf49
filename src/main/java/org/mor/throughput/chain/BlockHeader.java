package org.mor.throughput.chain;

/** A block's number, hash and time in Unix seconds (UTC). */
public record BlockHeader(long number, Hash32 hash, long timestamp) {
  public BlockHeader {
    if (number < 0 || timestamp < 0) {
      throw new IllegalArgumentException(
          "Block number and time must not be negative: %d, %d".formatted(number, timestamp));
    }
  }
}
