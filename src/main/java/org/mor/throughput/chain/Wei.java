package org.mor.throughput.chain;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An amount of MOR in wei (1 MOR = 10^18 wei), from 0 to 2^256 - 1; a sum may be larger. Kept as
 * two longs as far as these go, because sums over millions of amounts are made of them.
 */
public final class Wei implements Comparable<Wei>, Serializable {
  /** How many wei there are to a MOR. */
  public static final long PER_MOR = 1_000_000_000_000_000_000L;

  public static final Wei ZERO = new Wei(0, 0, null);

  /** The longest decimal text of a 256-bit amount. */
  private static final int MAX_DIGITS = 78;

  /** How many digits wei have below one MOR. */
  private static final int REST_DIGITS = 18;

  private static final int HALF_REST = 1_000_000_000;

  /** More MOR than any long of wei holds. */
  private static final int MOST_CARRIED = 10;

  private static final BigInteger UNIT = BigInteger.valueOf(PER_MOR);
  private static final BigInteger FEW_MOR = UNIT.multiply(UNIT);

  private final long mor;
  private final long rest;

  /** The amount where it is 10^36 wei or more; the other two fields are 0 then. */
  private final @Nullable BigInteger large;

  private Wei(long mor, long rest, @Nullable BigInteger large) {
    this.mor = mor;
    this.rest = rest;
    this.large = large;
  }

  public static Wei of(BigInteger value) {
    if (value.signum() < 0) {
      throw new IllegalArgumentException("Wei must not be negative: " + value);
    }
    if (value.compareTo(FEW_MOR) >= 0) {
      return new Wei(0, 0, value);
    }
    BigInteger[] parts = value.divideAndRemainder(UNIT);
    return new Wei(parts[0].longValue(), parts[1].longValue(), null);
  }

  public static Wei of(long value) {
    return of(0, value);
  }

  /**
   * {@code mor} whole MOR, from 0 to 10^18 - 1, and {@code wei}, from 0 to 2^63 - 1.
   *
   * @throws IllegalArgumentException for any other numbers
   */
  public static Wei of(long mor, long wei) {
    long carried = wei < PER_MOR ? 0 : wei / PER_MOR;
    long whole = mor + carried;
    if (mor < 0 || wei < 0 || whole >= PER_MOR) {
      throw new IllegalArgumentException(
          "Wei must not be negative, nor so many: %d MOR and %d".formatted(mor, wei));
    }
    return new Wei(whole, wei - carried * PER_MOR, null);
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
    if (length > 2 * REST_DIGITS) {
      return of(new BigInteger(decimal));
    }
    int middle = Math.max(0, length - REST_DIGITS);
    return of(
        middle == 0 ? 0 : Long.parseLong(decimal, 0, middle, 10),
        Long.parseLong(decimal, middle, length, 10));
  }

  private static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  public BigInteger value() {
    return large != null ? large : mor == 0 ? BigInteger.valueOf(rest) : wide();
  }

  private BigInteger wide() {
    return BigInteger.valueOf(mor).multiply(UNIT).add(BigInteger.valueOf(rest));
  }

  /** Whether it is below 10^36 wei, so that {@link #mor} and {@link #rest} say it all. */
  public boolean isSmall() {
    return large == null;
  }

  /** The whole MOR of a small amount. */
  public long mor() {
    return mor;
  }

  /** The wei of a small amount beyond its whole MOR. */
  public long rest() {
    return rest;
  }

  public Wei plus(Wei other) {
    return isSmall() && other.isSmall() && mor + other.mor < PER_MOR - MOST_CARRIED
        ? of(mor + other.mor, rest + other.rest)
        : of(value().add(other.value()));
  }

  /** Times a number that is not negative. */
  public Wei times(long factor) {
    if (!isSmall() || mor >= Integer.MAX_VALUE || factor < 0 || factor > Integer.MAX_VALUE) {
      return of(value().multiply(BigInteger.valueOf(factor)));
    }
    // The rest in two halves of nine digits, so that no product leaves a long.
    long upper = rest / HALF_REST;
    long high = upper * factor;
    long low = (rest - upper * HALF_REST) * factor;
    long carried = high / HALF_REST;
    long wei = (high - carried * HALF_REST) * HALF_REST + low;
    long whole = mor * factor + carried;
    return whole < PER_MOR - MOST_CARRIED
        ? of(whole, wei)
        : of(value().multiply(BigInteger.valueOf(factor)));
  }

  @Override
  public int compareTo(Wei other) {
    if (!isSmall() || !other.isSmall()) {
      return value().compareTo(other.value());
    }
    return mor == other.mor ? Long.compare(rest, other.rest) : Long.compare(mor, other.mor);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Wei wei
        && mor == wei.mor
        && rest == wei.rest
        && Objects.equals(large, wei.large);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(mor) + Long.hashCode(rest) + Objects.hashCode(large);
  }

  @Override
  public String toString() {
    return value().toString();
  }
}
