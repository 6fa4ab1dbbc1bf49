package org.mor.throughput.demo;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.web3j.crypto.Hash;

/** How the contract and the chain derive their ids: keccak-256 over packed values. */
final class Ids {
  private Ids() {}

  static Hash32 session(Address user, Address provider, Hash32 bid, long nonce) {
    return keccak(user.toArray(), provider.toArray(), bid.toArray(), word(nonce));
  }

  static Hash32 bid(Address provider, Hash32 model, long nonce) {
    return keccak(provider.toArray(), model.toArray(), word(nonce));
  }

  static Hash32 model(Address owner, Hash32 base) {
    return keccak(owner.toArray(), base.toArray());
  }

  static Hash32 block(long seed, long number) {
    return keccak(ascii("block"), word(seed), word(number));
  }

  static Hash32 transaction(long seed, long nonce, boolean close) {
    return keccak(ascii(close ? "close" : "open"), word(seed), word(nonce));
  }

  /** The storage slot {@code offset} behind the one that a namespace hashes to. */
  static Hash32 slot(String namespace, int offset) {
    BigInteger base = new BigInteger(1, keccak(ascii(namespace)).toArray());
    return AbiWords.wordOf(base.add(BigInteger.valueOf(offset)));
  }

  private static Hash32 keccak(byte[]... parts) {
    int size = 0;
    for (byte[] part : parts) {
      size += part.length;
    }
    ByteBuffer packed = ByteBuffer.allocate(size);
    for (byte[] part : parts) {
      packed.put(part);
    }
    return Hash32.of(Hash.sha3(packed.array()));
  }

  private static byte[] word(long value) {
    return ByteBuffer.allocate(Hash32.SIZE).putLong(Hash32.SIZE - Long.BYTES, value).array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
