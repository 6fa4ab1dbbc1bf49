package org.mor.throughput.demo;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;

/** Writes ABI data one 32-byte word after the other. */
final class AbiWords {
  static final int WORD = 32;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A non-negative number as a word. */
  static Hash32 wordOf(BigInteger value) {
    if (value.signum() < 0 || value.bitLength() > 8 * WORD) {
      throw new IllegalArgumentException("Does not fit an unsigned word: " + value);
    }
    byte[] bytes = value.toByteArray();
    byte[] word = new byte[WORD];
    int length = Math.min(bytes.length, WORD);
    System.arraycopy(bytes, bytes.length - length, word, WORD - length, length);
    return Hash32.of(word);
  }

  AbiWords number(BigInteger value) {
    return hash(wordOf(value));
  }

  AbiWords number(long value) {
    return number(BigInteger.valueOf(value));
  }

  /** A signed 64-bit number, sign-extended as Solidity's int64. */
  AbiWords signed(long value) {
    for (int i = 0; i < WORD - Long.BYTES; i++) {
      out.write(value < 0 ? 0xFF : 0);
    }
    for (int shift = 56; shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift));
    }
    return this;
  }

  AbiWords flag(boolean value) {
    return number(value ? 1 : 0);
  }

  AbiWords address(Address value) {
    out.writeBytes(new byte[WORD - Address.SIZE]);
    out.writeBytes(value.toArray());
    return this;
  }

  AbiWords hash(Hash32 value) {
    out.writeBytes(value.toArray());
    return this;
  }

  /** Bytes without length or padding, such as words that were written elsewhere. */
  AbiWords raw(Bytes value) {
    out.writeBytes(value.toArray());
    return this;
  }

  /** The length, then the bytes, padded to whole words. */
  AbiWords bytes(Bytes value) {
    number(value.size()).raw(value);
    out.writeBytes(new byte[(WORD - value.size() % WORD) % WORD]);
    return this;
  }

  AbiWords text(String value) {
    return bytes(Bytes.of(value.getBytes(StandardCharsets.UTF_8)));
  }

  /** The count, then an offset for each element, then the elements. */
  AbiWords dynamicArray(List<Bytes> elements) {
    number(elements.size());
    long offset = (long) WORD * elements.size();
    for (Bytes element : elements) {
      number(offset);
      offset += element.size();
    }
    elements.forEach(this::raw);
    return this;
  }

  AbiWords hashes(List<Hash32> values) {
    number(values.size());
    values.forEach(this::hash);
    return this;
  }

  int size() {
    return out.size();
  }

  Bytes toBytes() {
    return Bytes.of(out.toByteArray());
  }
}
