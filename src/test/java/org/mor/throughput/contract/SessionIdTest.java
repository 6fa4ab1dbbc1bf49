package org.mor.throughput.contract;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static Hash32 id(long nonce) {
    return SessionId.of(
        Address.fromHex("0x" + USER),
        Address.fromHex("0x" + PROVIDER),
        Hash32.fromHex("0x" + BID),
        nonce);
  }

  @Test
  void aSessionIdFollowsFromItsNonce() {
    Address user = Address.fromHex("0x" + USER);
    Address provider = Address.fromHex("0x" + PROVIDER);
    Hash32 bid =
        Hash32.fromHex("0x18d254be3db9a806f1f66be129627d297a781c56d55a001fcc59424a5339ef25");

    assertThat(SessionId.of(user, provider, bid, 7).toHex())
        .isEqualTo("0xe2201330a72269f68f7ece20defae3cb4f61a3c30c40918ec4eed055e9cecda8");
  }
}
