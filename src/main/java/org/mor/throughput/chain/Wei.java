package org.mor.throughput.chain;

import java.math.BigInteger;

/** An amount of MOR in wei (1 MOR = 10^18 wei), from 0 to 2^256 - 1; a sum may be larger. */
public record Wei(BigInteger value) implements Comparable<Wei> {
  public static final Wei ZERO = new Wei(BigInteger.ZERO);

  /** The longest decimal text of a 256-bit amount. */
  private static final int MAX_DIGITS = 78;

  /** How many digits fit a long whatever they are, and the unit of the digits before them. */
  private static final int LONG_DIGITS = 18;

  private static final BigInteger LONG_UNIT = BigInteger.TEN.pow(LONG_DIGITS);

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
    int length = decimal.length();
    if (length == 0 || length > MAX_DIGITS || !isDigits(decimal)) {
      throw new IllegalArgumentException(
          "Wei must be 1 to 78 decimal digits: "
              + decimal.substring(0, Math.min(length, MAX_DIGITS)));
    }
    // Nearly every amount fits one or two longs, which read several times as fast.
    if (length <= LONG_DIGITS) {
      return of(Long.parseLong(decimal));
    }
    if (length <= 2 * LONG_DIGITS) {
      long high = Long.parseLong(decimal, 0, length - LONG_DIGITS, 10);
      long low = Long.parseLong(decimal, length - LONG_DIGITS, length, 10);
      return new Wei(BigInteger.valueOf(high).multiply(LONG_UNIT).add(BigInteger.valueOf(low)));
    }
    return new Wei(new BigInteger(decimal));
  }

  private static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
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
