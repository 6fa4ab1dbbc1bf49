package org.mor.throughput.demo;

import java.math.BigInteger;
import org.mor.throughput.chain.Address;

/**
 * A provider: how much of the market it has, how fast it is, and the stake that caps what it can be
 * paid in a year.
 *
 * @param tpsScaled1000 its usual tokens per second times 1000
 * @param ttftMs its usual time to first token
 * @param stake wei at first
 * @param laterStake wei from {@code stakeRaisedAt} on
 */
record SimulatedProvider(
    Address address,
    int weight,
    long tpsScaled1000,
    long ttftMs,
    BigInteger stake,
    BigInteger laterStake,
    long stakeRaisedAt) {
  BigInteger stakeAt(long block) {
    return block >= stakeRaisedAt ? laterStake : stake;
  }
}
