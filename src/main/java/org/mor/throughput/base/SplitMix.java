package org.mor.throughput.base;

/** SplitMix64: spreads numbers evenly over 64 bits, the same way on every JVM. */
public final class SplitMix {
  /** 2^64 divided by the golden ratio: multiples of it are spread evenly. */
  public static final long GAMMA = 0x9E3779B97F4A7C15L;

  private SplitMix() {}

  /** The finalizer: numbers that are close to each other end far apart. */
  public static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
