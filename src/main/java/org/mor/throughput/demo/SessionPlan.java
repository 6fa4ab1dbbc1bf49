package org.mor.throughput.demo;

import java.math.BigInteger;
import org.mor.throughput.chain.Address;

/**
 * What the parties to one session mean to do; the chain lets it happen block by block.
 *
 * @param seconds the paid time
 * @param closeBlock {@link #NEVER} when nobody closes it
 * @param claimBlock when the provider asks for what it is still owed; {@link #NEVER} if it does not
 */
record SessionPlan(
    Story story,
    long openBlock,
    Address user,
    SimulatedBid bid,
    long seconds,
    BigInteger stake,
    boolean direct,
    long closeBlock,
    boolean disputed,
    ReceiptKind receipt,
    ReceiptNumbers numbers,
    long claimBlock) {
  static final long NEVER = Long.MAX_VALUE;

  SessionPlan {
    if (closeBlock < openBlock || claimBlock < openBlock || seconds < 1) {
      throw new IllegalArgumentException(
          "Impossible plan: opened in block %d for %d s, closed in %d, claimed in %d"
              .formatted(openBlock, seconds, closeBlock, claimBlock));
    }
  }

  long openedAt() {
    return BlockClock.timeOf(openBlock);
  }

  long endsAt() {
    return openedAt() + seconds;
  }
}
