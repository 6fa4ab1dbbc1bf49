package org.mor.throughput.chain;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HexFormat;

/** Immutable bytes of any length; written as lower-case hex with a {@code 0x} prefix. */
public final class Bytes implements Comparable<Bytes>, Serializable {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  public static Bytes of(byte[] value) {
    return value.length == 0 ? EMPTY : new Bytes(value.clone());
  }

  /**
   * Reads {@code 0x} hex of either case.
   *
   * @throws IllegalArgumentException when the prefix is missing, a digit is not hex or the count is
   *     odd
   */
  public static Bytes fromHex(String hex) {
    return new Bytes(Hex.decode(hex));
  }

  /**
   * Reads {@code 0x} and {@code 2 * size} hex digits of either case that stand at {@code from} in
   * ASCII text.
   *
   * @throws IllegalArgumentException when anything else stands there
   */
  public static Bytes fromHex(byte[] ascii, int from, int size) {
    return new Bytes(Hex.decode(ascii, from, size));
  }

  public int size() {
    return value.length;
  }

  public boolean isEmpty() {
    return value.length == 0;
  }

  public byte[] toArray() {
    return value.clone();
  }

  /** The bytes from {@code from} (inclusive) to {@code to} (exclusive). */
  public Bytes slice(int from, int to) {
    if (from < 0 || to < from || to > value.length) {
      throw new IllegalArgumentException(
          "Slice %d..%d of %d bytes".formatted(from, to, value.length));
    }
    return new Bytes(Arrays.copyOfRange(value, from, to));
  }

  /** True when every byte is zero; true of no bytes. */
  public boolean isZero() {
    for (byte b : value) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  public String toHex() {
    return "0x" + HexFormat.of().formatHex(value);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return toHex();
  }
}
