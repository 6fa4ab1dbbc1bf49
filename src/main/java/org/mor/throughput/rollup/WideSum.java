package org.mor.throughput.rollup;

import java.math.BigInteger;

/** A sum that cannot overflow: a long as far as it goes, a BigInteger beyond. */
final class WideSum {
  private long low;
  private BigInteger high = BigInteger.ZERO;

  void add(long value) {
    long sum = low + value;
    if (((low ^ sum) & (value ^ sum)) < 0) {
      high = high.add(BigInteger.valueOf(low));
      low = value;
    } else {
      low = sum;
    }
  }

  void add(BigInteger value) {
    if (value.bitLength() < Long.SIZE) {
      add(value.longValue());
    } else {
      high = high.add(value);
    }
  }

  void add(WideSum other) {
    add(other.low);
    if (other.high.signum() != 0) {
      high = high.add(other.high);
    }
  }

  BigInteger value() {
    return high.add(BigInteger.valueOf(low));
  }
}
