package org.mor.throughput.chain;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Exactly 32 bytes: a hash, a topic, an id or an ABI word; written as lower-case {@code 0x} hex.
 */
public final class Hash32 implements Comparable<Hash32> {
  public static final int SIZE = 32;

  private static final VarHandle TAIL =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] value;

  private Hash32(byte[] value) {
    this.value = value;
  }

  /**
   * Takes a copy of 32 bytes.
   *
   * @throws IllegalArgumentException for any other number of bytes
   */
  public static Hash32 of(byte[] value) {
    if (value.length != SIZE) {
      throw new IllegalArgumentException("A hash is 32 bytes, not " + value.length);
    }
    return new Hash32(value.clone());
  }

  /**
   * Reads hex of either case.
   *
   * @throws IllegalArgumentException unless it is {@code 0x} and 64 hex digits
   */
  public static Hash32 fromHex(String hex) {
    return new Hash32(Hex.decode(hex, SIZE));
  }

  /**
   * Reads hex of either case that stands at {@code from} in ASCII text.
   *
   * @throws IllegalArgumentException unless {@code 0x} and 64 hex digits stand there
   */
  public static Hash32 fromHex(byte[] ascii, int from) {
    return new Hash32(Hex.decode(ascii, from, SIZE));
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
  public int compareTo(Hash32 other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash32 hash && Arrays.equals(value, hash.value);
  }

  @Override
  public int hashCode() {
    // The end of a digest is as good as all of it, and the end of a small number is all of it.
    return (int) TAIL.get(value, SIZE - Integer.BYTES);
  }

  @Override
  public String toString() {
    return toHex();
  }
}
