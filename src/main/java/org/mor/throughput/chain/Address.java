package org.mor.throughput.chain;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HexFormat;

/** Exactly 20 bytes; written as lower-case {@code 0x} hex, read in either case. */
public final class Address implements Comparable<Address>, Serializable {
  public static final int SIZE = 20;

  private final byte[] value;

  private Address(byte[] value) {
    this.value = value;
  }

  /**
   * Takes a copy of 20 bytes.
   *
   * @throws IllegalArgumentException for any other number of bytes
   */
  public static Address of(byte[] value) {
    if (value.length != SIZE) {
      throw new IllegalArgumentException("An address is 20 bytes, not " + value.length);
    }
    return new Address(value.clone());
  }

  /**
   * Reads hex of either case.
   *
   * @throws IllegalArgumentException unless it is {@code 0x} and 40 hex digits
   */
  public static Address fromHex(String hex) {
    return new Address(Hex.decode(hex, SIZE));
  }

  /**
   * Reads hex of either case that stands at {@code from} in ASCII text.
   *
   * @throws IllegalArgumentException unless {@code 0x} and 40 hex digits stand there
   */
  public static Address fromHex(byte[] ascii, int from) {
    return new Address(Hex.decode(ascii, from, SIZE));
  }

  /**
   * The address in an indexed topic or an ABI word.
   *
   * @throws IllegalArgumentException when the 12 bytes above it are not zero
   */
  public static Address fromWord(Hash32 word) {
    byte[] bytes = word.toArray();
    for (int i = 0; i < Hash32.SIZE - SIZE; i++) {
      if (bytes[i] != 0) {
        throw new IllegalArgumentException("Not an address in a 32-byte word: " + word);
      }
    }
    return new Address(Arrays.copyOfRange(bytes, Hash32.SIZE - SIZE, Hash32.SIZE));
  }

  public boolean isZero() {
    for (byte b : value) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  public byte[] toArray() {
    return value.clone();
  }

  public String toHex() {
    return "0x" + HexFormat.of().formatHex(value);
  }

  @Override
  public int compareTo(Address other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Address address && Arrays.equals(value, address.value);
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
