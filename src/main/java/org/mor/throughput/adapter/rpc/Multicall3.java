package org.mor.throughput.adapter.rpc;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.contract.AbiReader;

/**
 * The words of Multicall3's {@code aggregate3}; its encoding is fixed, so it is written by hand.
 */
final class Multicall3 {
  static final Address ADDRESS = Address.fromHex("0xcA11bde05977b3631167028862bE2a173976CA11");

  private static final int SELECTOR = 0x82ad56cb;
  private static final int WORD = 32;

  private Multicall3() {}

  /** How one call inside an aggregate ended. */
  record Inner(boolean success, Bytes data) {
    /** Whether it ended as a call that ran out of gas does. */
    boolean isStarved() {
      return !success && data.isEmpty();
    }
  }

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
    List<AbiReader> results = AbiReader.ofStatic(returned).structs(0);
    if (results.size() != calls) {
      throw new IllegalArgumentException(
          "%d results for %d calls".formatted(results.size(), calls));
    }
    List<Inner> inner = new ArrayList<>();
    long data = 0;
    for (AbiReader result : results) {
      inner.add(new Inner(result.bool(0), result.bytes(1)));
      data += inner.get(inner.size() - 1).data().size();
      // Results that share bytes would make a small answer fill the heap.
      if (data > returned.size()) {
        throw new IllegalArgumentException(
            "%d bytes of results in %d".formatted(data, returned.size()));
      }
    }
    return inner;
  }

  private static int padded(int size) {
    return (size + WORD - 1) / WORD * WORD;
  }

  private static void word(ByteBuffer out, int value) {
    out.put(new byte[WORD - Integer.BYTES]).putInt(value);
  }
}
