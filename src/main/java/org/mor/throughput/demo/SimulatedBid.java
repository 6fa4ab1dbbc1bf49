package org.mor.throughput.demo;

import java.math.BigInteger;
import org.mor.throughput.chain.Hash32;

/**
 * One price of a provider for a model. A bid never changes its price; a new price is a new bid.
 *
 * @param nonce counts the bids of this provider for this model
 * @param deletedBlock {@link Long#MAX_VALUE} while it stands
 */
record SimulatedBid(
    Hash32 id,
    SimulatedProvider provider,
    SimulatedModel model,
    BigInteger pricePerSecond,
    long nonce,
    long createdBlock,
    long deletedBlock) {
  boolean standsAt(long block) {
    return createdBlock <= block && block < deletedBlock;
  }
}
