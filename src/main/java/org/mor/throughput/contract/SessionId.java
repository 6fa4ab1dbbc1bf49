package org.mor.throughput.contract;

import java.nio.ByteBuffer;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.web3j.crypto.Hash;

/**
 * How the contract names sessions: keccak256(user ++ provider ++ bidId ++ nonce), the nonce
 * counting all opens of the diamond from 0 ({@code SessionRouter.openSession}).
 */
public final class SessionId {
  private SessionId() {}

  public static Hash32 of(Address user, Address provider, Hash32 bidId, long nonce) {
    ByteBuffer packed = ByteBuffer.allocate(2 * Address.SIZE + 2 * Hash32.SIZE);
    packed.put(user.toArray()).put(provider.toArray()).put(bidId.toArray());
    packed.position(packed.limit() - Long.BYTES);
    packed.putLong(nonce);
    return Hash32.of(Hash.sha3(packed.array()));
  }
}
