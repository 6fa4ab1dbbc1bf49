package org.mor.throughput.chain;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * Exactly 32 bytes: a hash, a topic, an id or an ABI word; written as lower-case {@code 0x} hex.
 */
public final class Hash32 implements Comparable<Hash32>, Serializable {
  public static final int SIZE = 32;

  private static final int WORD = Long.BYTES;
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  // Four longs and no array: sets of a million of these are kept.
  private final long first;
  private final long second;
  private final long third;
  private final long fourth;

  private Hash32(long first, long second, long third, long fourth) {
    this.first = first;
    this.second = second;
    this.third = third;
    this.fourth = fourth;
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
    return new Hash32(
        (long) WORDS.get(value, 0),
        (long) WORDS.get(value, WORD),
        (long) WORDS.get(value, 2 * WORD),
        (long) WORDS.get(value, 3 * WORD));
  }

  /**
   * Reads hex of either case.
   *
   * @throws IllegalArgumentException unless it is {@code 0x} and 64 hex digits
   */
  public static Hash32 fromHex(String hex) {
    return of(Hex.decode(hex, SIZE));
  }

  /**
   * Reads hex of either case that stands at {@code from} in ASCII text.
   *
   * @throws IllegalArgumentException unless {@code 0x} and 64 hex digits stand there
   */
  public static Hash32 fromHex(byte[] ascii, int from) {
    return of(Hex.decode(ascii, from, SIZE));
  }

  public boolean isZero() {
    return (first | second | third | fourth) == 0;
  }

  /** The first 8 bytes as a big-endian number. */
  public long firstWord() {
    return first;
  }

  /** The 8 bytes after {@link #firstWord}. */
  public long secondWord() {
    return second;
  }

  public byte[] toArray() {
    byte[] value = new byte[SIZE];
    WORDS.set(value, 0, first);
    WORDS.set(value, WORD, second);
    WORDS.set(value, 2 * WORD, third);
    WORDS.set(value, 3 * WORD, fourth);
    return value;
  }

  public String toHex() {
    return "0x" + HexFormat.of().formatHex(toArray());
  }

  @Override
  public int compareTo(Hash32 other) {
    int order = Long.compareUnsigned(first, other.first);
    if (order == 0) {
      order = Long.compareUnsigned(second, other.second);
    }
    if (order == 0) {
      order = Long.compareUnsigned(third, other.third);
    }
    return order == 0 ? Long.compareUnsigned(fourth, other.fourth) : order;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash32 hash
        && first == hash.first
        && second == hash.second
        && third == hash.third
        && fourth == hash.fourth;
  }

  @Override
  public int hashCode() {
    // The end of a digest is as good as all of it, and the end of a small number is all of it.
    return (int) fourth;
  }

  @Override
  public String toString() {
    return toHex();
  }
}
