package org.mor.throughput.demo;

/** Base's clock: a block every two seconds since its first, so that a number is a time. */
final class BlockClock {
  static final long SECONDS_PER_BLOCK = 2;

  /** Unix seconds of Base's block 0. */
  private static final long FIRST = 1_686_789_347L;

  private BlockClock() {}

  static long timeOf(long block) {
    return FIRST + SECONDS_PER_BLOCK * block;
  }

  /** The last block at or before a time in Unix seconds. */
  static long blockAt(long time) {
    return Math.floorDiv(time - FIRST, SECONDS_PER_BLOCK);
  }

  /** The first block at or after a time in Unix seconds. */
  static long blockFrom(long time) {
    return blockAt(time + SECONDS_PER_BLOCK - 1);
  }
}
