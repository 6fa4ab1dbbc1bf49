package org.mor.throughput.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.web3j.crypto.Hash;

class SessionIdTest {
  private static final String USER = "11".repeat(20);
  private static final String PROVIDER = "22".repeat(20);
  private static final String BID = "33".repeat(32);

  @Test
  void theIdIsTheHashOfUserProviderBidAndNonce() {
    for (long nonce : new long[] {0, 1, 258, 1L << 40}) {
      String packed = "0x" + USER + PROVIDER + BID + "%064x".formatted(nonce);
      assertThat(id(nonce).toHex()).isEqualTo(Hash.sha3(packed));
    }
  }

  @Test
  void everyNonceHasItsOwnId() {
    Set<Hash32> ids = new HashSet<>();
    for (long nonce = 0; nonce < 1_000; nonce++) {
      ids.add(id(nonce));
    }
    assertThat(ids).hasSize(1_000);
  }

  private static Hash32 id(long nonce) {
    return SessionId.of(
        Address.fromHex("0x" + USER),
        Address.fromHex("0x" + PROVIDER),
        Hash32.fromHex("0x" + BID),
        nonce);
  }
}
