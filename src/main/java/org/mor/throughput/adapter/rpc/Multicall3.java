package org.mor.throughput.adapter.rpc;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ContractCall;

/**
 * The words of Multicall3's {@code aggregate3}. Written by hand, since web3j's decoder of dynamic
 * arrays of structs trusts the offsets and lengths it reads, and these come from a node.
 */
final class Multicall3 {
  static final Address ADDRESS = Address.fromHex("0xcA11bde05977b3631167028862bE2a173976CA11");

  private static final int SELECTOR = 0x82ad56cb;
  private static final int WORD = 32;

  private Multicall3() {}

  /** How one call inside an aggregate ended. */
  record Inner(boolean success, Bytes data) {}

  /** One call that makes all the calls, each allowed to fail. */
  static ContractCall aggregate(List<ContractCall> calls) {
    int size = Integer.BYTES + WORD * (2 + calls.size());
    for (ContractCall call : calls) {
      size += size(call) - WORD;
    }
    ByteBuffer out = ByteBuffer.allocate(size).putInt(SELECTOR);
    word(out, WORD);
    word(out, calls.size());
    int offset = WORD * calls.size();
    for (ContractCall call : calls) {
      word(out, offset);
      offset += size(call) - WORD;
    }
    for (ContractCall call : calls) {
      out.put(new byte[WORD - Address.SIZE]).put(call.to().toArray());
      word(out, 1);
      word(out, 3 * WORD);
      word(out, call.data().size());
      out.put(call.data().toArray());
      out.put(new byte[padded(call.data().size()) - call.data().size()]);
    }
    return new ContractCall(ADDRESS, Bytes.of(out.array()));
  }

  /** The bytes a call takes inside an aggregate, with the offset that points to it. */
  static int size(ContractCall call) {
    return 5 * WORD + padded(call.data().size());
  }

  /**
   * Reads what {@code aggregate3} returned for {@code calls} calls.
   *
   * @throws IllegalArgumentException when the bytes are not that
   */
  static List<Inner> decode(Bytes returned, int calls) {
    ByteBuffer in = ByteBuffer.wrap(returned.toArray());
    int array = at(in, 0, 0);
    if (number(in, array) != calls) {
      throw new IllegalArgumentException(
          "%d results for %d calls".formatted(number(in, array), calls));
    }
    int base = array + WORD;
    long data = 0;
    List<Inner> results = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      int tuple = at(in, base + i * WORD, base);
      int bytes = at(in, tuple + WORD, tuple);
      int length = number(in, bytes);
      data += length;
      // Results that share bytes would make a small answer fill the heap.
      if (data > in.capacity() || length > in.capacity() - bytes - WORD) {
        throw new IllegalArgumentException("Result %d has %d bytes".formatted(i, length));
      }
      results.add(
          new Inner(number(in, tuple) != 0, returned.slice(bytes + WORD, bytes + WORD + length)));
    }
    return results;
  }

  private static int padded(int size) {
    return (size + WORD - 1) / WORD * WORD;
  }

  private static void word(ByteBuffer out, int value) {
    out.put(new byte[WORD - Integer.BYTES]).putInt(value);
  }

  /** Where the offset at {@code position} leads, counted from {@code base}. */
  private static int at(ByteBuffer in, int position, int base) {
    int offset = number(in, position);
    if (offset > in.capacity() - base) {
      throw new IllegalArgumentException("Offset %d leads outside".formatted(offset));
    }
    return base + offset;
  }

  private static int number(ByteBuffer in, int position) {
    if (position > in.capacity() - WORD) {
      throw new IllegalArgumentException(
          "Word at %d of %d bytes".formatted(position, in.capacity()));
    }
    for (int i = 0; i < WORD - Integer.BYTES; i++) {
      if (in.get(position + i) != 0) {
        throw new IllegalArgumentException("Word at %d is too large".formatted(position));
      }
    }
    int value = in.getInt(position + WORD - Integer.BYTES);
    if (value < 0) {
      throw new IllegalArgumentException("Word at %d is too large".formatted(position));
    }
    return value;
  }
}
