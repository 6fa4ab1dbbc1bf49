package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ContractCall;

class Multicall3Test {
  private static final Bytes GOOD =
      FakeMulticall.run(
          Multicall3.aggregate(
                  List.of(
                      new ContractCall(FakeChain.CONTRACT, Bytes.fromHex("0x0102")),
                      new ContractCall(FakeChain.CONTRACT, Bytes.fromHex("0xff"))))
              .data());

  @Test
  void resultsComeInTheOrderOfTheCalls() {
    assertThat(Multicall3.decode(GOOD, 2))
        .containsExactly(
            new Multicall3.Inner(true, Bytes.fromHex("0x0102")),
            new Multicall3.Inner(false, Bytes.fromHex("0xff")));
  }

  @Test
  void anotherNumberOfResultsIsRefused() {
    assertThatThrownBy(() -> Multicall3.decode(GOOD, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 results for 3 calls");
  }

  @Test
  void spoiltBytesAreRefusedOrReadButNeverOverrun() {
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = GOOD.toArray();
      for (int j = 0; j <= i % 3; j++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Bytes spoilt = Bytes.of(bytes).slice(0, bytes.length - (i % 5 == 0 ? random.nextInt(99) : 0));
      try {
        assertThat(Multicall3.decode(spoilt, 2)).hasSize(2);
      } catch (IllegalArgumentException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1_000);
  }

  @Test
  void resultsThatShareTheirBytesAreRefused() {
    String word = "%064x";
    String tuple = word.formatted(1) + word.formatted(64) + word.formatted(96) + "00".repeat(96);
    String shared = word.formatted(32) + word.formatted(9) + word.formatted(288).repeat(9) + tuple;

    assertThatThrownBy(() -> Multicall3.decode(Bytes.fromHex("0x" + shared), 9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bytes");
  }
}
