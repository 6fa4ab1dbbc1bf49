package org.mor.throughput.contract;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;

/**
 * Reads ABI-encoded return data by word. Every length and offset is checked against the bytes that
 * are there before anything is allocated: web3j's own decoder allocates what an array length
 * claims, and drops the upper bytes of a dirty address.
 */
final class AbiReader {
  private static final int WORD = 32;

  private final Bytes data;
  private final int base;

  private AbiReader(Bytes data, int base) {
    this.data = data;
    this.base = base;
  }

  /**
   * Decodes a getter's return data.
   *
   * @throws ChainContradictionException naming the getter, when it cannot be decoded
   */
  static <T> Optional<T> decode(
      String function,
      Object id,
      Bytes data,
      Function<Bytes, AbiReader> open,
      Function<AbiReader, Optional<T>> read) {
    try {
      return read.apply(open.apply(data));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ChainContradictionException(
          "%s(%s) returned %d bytes that cannot be decoded: %s. Check the contract address and whether the contract was upgraded."
              .formatted(function, id, data.size(), e.getMessage()),
          e);
    }
  }

  /** Reads a value that stands at the start of the data: a static struct. */
  static AbiReader ofStatic(Bytes data) {
    return new AbiReader(data, 0);
  }

  /** Reads a dynamic struct: the first word holds the offset of its words. */
  static AbiReader ofDynamic(Bytes data) {
    AbiReader outer = new AbiReader(data, 0);
    return outer.at(outer.offset(0));
  }

  Hash32 hash(int index) {
    int start = Math.addExact(base, Math.multiplyExact(index, WORD));
    if (start < 0 || start > data.size() - WORD) {
      throw new IllegalArgumentException(
          "Word at byte %d lies outside of %d bytes".formatted(start, data.size()));
    }
    return Hash32.of(data.slice(start, start + WORD).toArray());
  }

  Address address(int index) {
    return Address.fromWord(hash(index));
  }

  Wei wei(int index) {
    return Wei.of(uint(index));
  }

  /** An unsigned number that must fit a positive long. */
  long number(int index) {
    BigInteger value = uint(index);
    if (value.bitLength() > 63) {
      throw new IllegalArgumentException("Word %d is too large: %s".formatted(index, value));
    }
    return value.longValue();
  }

  boolean bool(int index) {
    long value = number(index);
    if (value > 1) {
      throw new IllegalArgumentException("Word %d is no boolean: %d".formatted(index, value));
    }
    return value == 1;
  }

  Bytes bytes(int index) {
    AbiReader tail = at(offset(index));
    int length = tail.offset(0);
    int start = Math.addExact(tail.base, WORD);
    if (length > data.size() - start) {
      throw new IllegalArgumentException(
          "%d bytes at byte %d lie outside of %d bytes".formatted(length, start, data.size()));
    }
    return data.slice(start, start + length);
  }

  /** Bytes read as UTF-8; what is not UTF-8 becomes U+FFFD. */
  String text(int index) {
    return new String(bytes(index).toArray(), StandardCharsets.UTF_8);
  }

  /** The words of an array of static words. */
  List<Hash32> words(int index) {
    AbiReader array = at(offset(index));
    int length = array.offset(0);
    if (length > data.size() / WORD) {
      throw new IllegalArgumentException(
          "%d words cannot lie in %d bytes".formatted(length, data.size()));
    }
    AbiReader items = new AbiReader(data, Math.addExact(array.base, WORD));
    List<Hash32> words = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      words.add(items.hash(i));
    }
    return words;
  }

  /**
   * The strings of a string array. Strings that share bytes are refused: no contract encodes them
   * so, and a small answer could fill the heap.
   */
  List<String> texts(int index) {
    AbiReader array = at(offset(index));
    int length = array.offset(0);
    if (length > data.size() / WORD) {
      throw new IllegalArgumentException(
          "%d strings cannot lie in %d bytes".formatted(length, data.size()));
    }
    AbiReader items = new AbiReader(data, Math.addExact(array.base, WORD));
    List<String> texts = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < length; i++) {
      Bytes text = items.bytes(i);
      bytes += text.size();
      if (bytes > data.size()) {
        throw new IllegalArgumentException(
            "%d strings of %d bytes and more cannot lie in %d bytes"
                .formatted(i + 1, bytes, data.size()));
      }
      texts.add(new String(text.toArray(), StandardCharsets.UTF_8));
    }
    return texts;
  }

  private AbiReader at(int offset) {
    return new AbiReader(data, Math.addExact(base, offset));
  }

  /** A length or an offset: never more than there are bytes. */
  private int offset(int index) {
    BigInteger value = uint(index);
    if (value.bitLength() > 31 || value.intValue() > data.size()) {
      throw new IllegalArgumentException(
          "Length or offset %s is beyond %d bytes".formatted(value, data.size()));
    }
    return value.intValue();
  }

  private BigInteger uint(int index) {
    return new BigInteger(1, hash(index).toArray());
  }
}
