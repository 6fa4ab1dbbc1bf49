package org.mor.throughput.proof;

import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionId;

/**
 * What an open's session id is made of, but for the nonce.
 *
 * @param user the wallet in plain; null where nobody knows it, and then no nonce fits
 */
public record OpenIdentity(
    Hash32 sessionId, @Nullable Address user, Address provider, Hash32 bidId) {

  /** Whether the id is what the contract's rule gives for {@code nonce}. */
  boolean fits(long nonce) {
    return user != null && SessionId.of(user, provider, bidId, nonce).equals(sessionId);
  }
}
