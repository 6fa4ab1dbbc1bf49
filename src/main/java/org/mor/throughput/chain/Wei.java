package org.mor.throughput.chain;

import java.math.BigInteger;

/** An amount of MOR in wei (1 MOR = 10^18 wei), from 0 to 2^256 - 1; a sum may be larger. */
public record Wei(BigInteger value) implements Comparable<Wei> {
  public static final Wei ZERO = new Wei(BigInteger.ZERO);

  /** The longest decimal text of a 256-bit amount. */
  private static final int MAX_DIGITS = 78;

  public Wei {
    if (value.signum() < 0) {
      throw new IllegalArgumentException("Wei must not be negative: " + value);
    }
  }

  public static Wei of(long value) {
    return new Wei(BigInteger.valueOf(value));
  }

  /**
   * Reads plain decimal digits.
   *
   * @throws IllegalArgumentException for anything else, or more than 78 digits
   */
  public static Wei parse(String decimal) {
    if (decimal.isEmpty()
        || decimal.length() > MAX_DIGITS
        || !decimal.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException(
          "Wei must be 1 to 78 decimal digits: "
              + decimal.substring(0, Math.min(decimal.length(), MAX_DIGITS)));
    }
    return new Wei(new BigInteger(decimal));
  }

  public Wei plus(Wei other) {
    return new Wei(value.add(other.value));
  }

  public Wei times(long factor) {
    return new Wei(value.multiply(BigInteger.valueOf(factor)));
  }

  @Override
  public int compareTo(Wei other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
