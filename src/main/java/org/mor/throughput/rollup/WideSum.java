package org.mor.throughput.rollup;

import java.io.Serializable;
import java.math.BigInteger;
import org.mor.throughput.chain.Wei;

/** A sum that cannot overflow: longs as far as they go, a BigInteger beyond. */
final class WideSum implements Serializable {
  private static final BigInteger MOR = BigInteger.valueOf(Wei.PER_MOR);

  private long low;
  private long mor;
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

  void add(Wei value) {
    if (!value.isSmall()) {
      high = high.add(value.value());
      return;
    }
    addMor(value.mor());
    add(value.rest());
    if (low >= Wei.PER_MOR) {
      low -= Wei.PER_MOR;
      addMor(1);
    }
  }

  private void addMor(long value) {
    long sum = mor + value;
    if (sum < 0) {
      high = high.add(MOR.multiply(BigInteger.valueOf(mor)));
      mor = value;
    } else {
      mor = sum;
    }
  }

  void add(WideSum other) {
    add(other.low);
    addMor(other.mor);
    if (other.high.signum() != 0) {
      high = high.add(other.high);
    }
  }

  BigInteger value() {
    BigInteger sum = high.add(BigInteger.valueOf(low));
    return mor == 0 ? sum : sum.add(MOR.multiply(BigInteger.valueOf(mor)));
  }
}
