package org.mor.throughput.adapter.rpc;

import java.math.BigInteger;
import org.mor.throughput.chain.Bytes;

/** Multicall3's aggregate3 over contracts that echo. */
final class FakeMulticall {
  private FakeMulticall() {}

  static Bytes run(Bytes callData) {
    return run(callData, Integer.MAX_VALUE);
  }

  /**
   * @param gas for so many calls; the others revert without data
   */
  static Bytes run(Bytes callData, int gas) {
    Bytes arguments = callData.slice(4, callData.size());
    int array = word(arguments, 0);
    int count = word(arguments, array);
    StringBuilder offsets = new StringBuilder();
    StringBuilder results = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int tuple = array + 32 + word(arguments, array + 32 + 32 * i);
      int bytes = tuple + word(arguments, tuple + 64);
      String data =
          arguments.slice(bytes + 32, bytes + 32 + word(arguments, bytes)).toHex().substring(2);
      boolean success = i < gas && !data.startsWith("ff") && !data.startsWith("ee");
      data = i < gas ? data : "";
      offsets.append(hex(32 * count + results.length() / 2));
      results.append(hex(success ? 1 : 0)).append(hex(64)).append(hex(data.length() / 2));
      results.append(data).append("0".repeat((64 - data.length() % 64) % 64));
    }
    return Bytes.fromHex("0x" + hex(32) + hex(count) + offsets + results);
  }

  private static String hex(long value) {
    return "%064x".formatted(value);
  }

  private static int word(Bytes bytes, int at) {
    return new BigInteger(1, bytes.slice(at, at + 32).toArray()).intValueExact();
  }
}
