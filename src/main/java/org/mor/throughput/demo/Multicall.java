package org.mor.throughput.demo;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.demo.MarketState.RevertedException;

/** Multicall3's aggregate3: many calls in one, each of which may be allowed to fail. */
final class Multicall {
  static final String AGGREGATE3 = "0x82ad56cb";
  private static final int SELECTOR = 4;

  /** What a call of some contract returns. */
  interface Target {
    Bytes call(Address to, Bytes data) throws RevertedException;
  }

  private final Bytes arguments;

  private Multicall(Bytes arguments) {
    this.arguments = arguments;
  }

  static Bytes answer(Bytes data, Target target) throws RevertedException {
    if (data.size() < SELECTOR || !data.slice(0, SELECTOR).toHex().equals(AGGREGATE3)) {
      throw new RevertedException("no such function");
    }
    try {
      return new Multicall(data.slice(SELECTOR, data.size())).aggregate(target);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new RevertedException("malformed call data");
    }
  }

  private Bytes aggregate(Target target) throws RevertedException {
    int array = number(0);
    int count = number(array);
    int base = array + AbiWords.WORD;
    List<Bytes> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int call = base + number(base + i * AbiWords.WORD);
      Address to = Address.fromWord(word(call));
      boolean mayFail = number(call + AbiWords.WORD) != 0;
      int data = call + number(call + 2 * AbiWords.WORD);
      Bytes input = arguments.slice(data + AbiWords.WORD, data + AbiWords.WORD + number(data));
      results.add(result(target, to, input, mayFail));
    }
    return new AbiWords().number(AbiWords.WORD).dynamicArray(results).toBytes();
  }

  private static Bytes result(Target target, Address to, Bytes input, boolean mayFail)
      throws RevertedException {
    boolean success = true;
    Bytes output;
    try {
      output = target.call(to, input);
    } catch (RevertedException e) {
      if (!mayFail) {
        throw new RevertedException("Multicall3: call failed");
      }
      success = false;
      output = Bytes.EMPTY;
    }
    return new AbiWords().flag(success).number(2L * AbiWords.WORD).bytes(output).toBytes();
  }

  private Hash32 word(int at) {
    return Hash32.of(arguments.slice(at, at + AbiWords.WORD).toArray());
  }

  private int number(int at) {
    return new BigInteger(1, word(at).toArray()).intValueExact();
  }
}
