package org.mor.throughput.demo;

import java.math.BigInteger;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;

/** Finds the getter that call data asks for, as the diamond does by the first four bytes. */
final class DiamondCalls {
  private static final int SELECTOR = 4;
  private static final BigInteger MAX_PAGE = BigInteger.valueOf(Integer.MAX_VALUE);

  private DiamondCalls() {}

  static Bytes answer(MarketState state, Bytes data, long block) throws RevertedException {
    return switch (data.slice(0, Math.min(SELECTOR, data.size())).toHex()) {
      case "0x39b240bd" -> state.session(word(data, 0), block);
      case "0x91704e1e" -> state.bid(word(data, 0), block);
      case "0x21e7c498" -> state.model(word(data, 0), block);
      case "0x08d0aab4" -> state.modelIds(number(data, 0), number(data, 1), block);
      case "0x76400935" -> state.totalSessions(address(data, 0), block);
      case "0x87bced7d" ->
          state.providerSessions(address(data, 0), number(data, 1), number(data, 2), block);
      case "0xbdfbbada" -> state.totalClaimed(block);
      case "0x1b26c116" -> state.providerModelStats(word(data, 0), address(data, 1), block);
      default -> throw new RevertedException("Diamond: Function does not exist");
    };
  }

  private static Hash32 word(Bytes data, int index) throws RevertedException {
    int from = SELECTOR + index * AbiWords.WORD;
    if (data.size() < from + AbiWords.WORD) {
      throw new RevertedException("call data of " + data.size() + " bytes is too short");
    }
    return Hash32.of(data.slice(from, from + AbiWords.WORD).toArray());
  }

  private static Address address(Bytes data, int index) throws RevertedException {
    try {
      return Address.fromWord(word(data, index));
    } catch (IllegalArgumentException e) {
      throw new RevertedException("not an address: word " + index);
    }
  }

  /** A page's offset or size, which may be any uint256. */
  private static long number(Bytes data, int index) throws RevertedException {
    return new BigInteger(1, word(data, index).toArray()).min(MAX_PAGE).longValue();
  }
}
