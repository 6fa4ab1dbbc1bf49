package org.mor.throughput.contract;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.web3j.crypto.Hash;

/**
 * The contract's own count of opens: the next nonce, the fourth word of the sessions' storage. No
 * getter returns it, so the storage slot is read.
 */
public final class SessionCount {
  /** keccak256("diamond.standard.sessions.storage") + 3. */
  public static final Hash32 SLOT = slot("diamond.standard.sessions.storage", 3);

  private static final int MAX_BITS = 40;

  private SessionCount() {}

  /** The count in the slot's word; 0 for a word that can be no count. */
  public static long decode(Hash32 word) {
    BigInteger value = new BigInteger(1, word.toArray());
    return value.bitLength() > MAX_BITS ? 0 : value.longValue();
  }

  private static Hash32 slot(String name, int offset) {
    BigInteger base = new BigInteger(1, Hash.sha3(name.getBytes(StandardCharsets.US_ASCII)));
    String hex = base.add(BigInteger.valueOf(offset)).toString(16);
    return Hash32.of(
        Bytes.fromHex("0x" + "0".repeat(2 * Hash32.SIZE - hex.length()) + hex).toArray());
  }
}
