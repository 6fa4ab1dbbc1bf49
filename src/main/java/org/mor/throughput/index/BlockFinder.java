package org.mor.throughput.index;

import java.util.HashMap;
import java.util.Map;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ChainUnavailableException;

/** Finds blocks by their time, by asking for headers: no block time is ever assumed. */
final class BlockFinder {
  private final ChainReader chain;
  private final Map<Long, Long> times = new HashMap<>();

  BlockFinder(ChainReader chain) {
    this.chain = chain;
  }

  /**
   * The blocks of {@code within} whose time is {@code unixSeconds}; where there is none, the one
   * block that stands where they would.
   */
  BlockRange at(long unixSeconds, BlockRange within) {
    long first = firstFrom(unixSeconds, within);
    long behind = firstFrom(unixSeconds + 1, within);
    return new BlockRange(first, Math.max(first, behind - 1));
  }

  /** The first block of the range that is not before {@code unixSeconds}; else the last one. */
  private long firstFrom(long unixSeconds, BlockRange within) {
    long low = within.first();
    long high = within.last();
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (time(middle) < unixSeconds) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** When a block that is known to exist was, in Unix seconds; asked for once. */
  long time(long block) {
    return times.computeIfAbsent(block, number -> header(chain, number).timestamp());
  }

  /** The header of a block that is known to exist. */
  static BlockHeader header(ChainReader chain, long number) {
    return chain
        .header(number)
        .orElseThrow(
            () ->
                new ChainUnavailableException(
                    "The node has no block %d although the safe head is beyond it: it lags behind. Run again, or use another endpoint."
                        .formatted(number)));
  }
}
