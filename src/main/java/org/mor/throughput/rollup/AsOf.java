package org.mor.throughput.rollup;

/**
 * The block the numbers are of and its time in Unix seconds; every "now" is this one, not a clock.
 */
public record AsOf(long block, long time) {
  public AsOf {
    if (block < 0 || time < 0) {
      throw new IllegalArgumentException(
          "Block and time must not be negative: %d, %d".formatted(block, time));
    }
  }
}
