package org.mor.throughput.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.demo.ReceiptWriter.ReceiptKind;
import org.mor.throughput.demo.ReceiptWriter.ReceiptNumbers;

class EncodersTest {
  private static final Address USER = Address.fromHex("0x1111111111111111111111111111111111111111");
  private static final Address PROVIDER =
      Address.fromHex("0x2222222222222222222222222222222222222222");
  private static final Hash32 MODEL =
      Hash32.fromHex("0xef02e6ab999d375bba08c55ced7b4eefea20b74d46806f51bca91f4f78f4ef46");
  private static final Hash32 BID =
      Hash32.fromHex("0x18d254be3db9a806f1f66be129627d297a781c56d55a001fcc59424a5339ef25");
  private static final Hash32 SESSION =
      Hash32.fromHex("0xe2201330a72269f68f7ece20defae3cb4f61a3c30c40918ec4eed055e9cecda8");

  @Test
  void idsFollowTheContractsRules() {
    assertThat(
            Ids.model(
                Address.fromHex("0x4444444444444444444444444444444444444444"),
                Hash32.fromHex("0x" + "33".repeat(32))))
        .isEqualTo(MODEL);
    assertThat(Ids.bid(PROVIDER, MODEL, 0)).isEqualTo(BID);
    assertThat(Ids.session(USER, PROVIDER, BID, 7)).isEqualTo(SESSION);
  }

  @Test
  void theNonceSlotIsTheContracts() {
    assertThat(Ids.slot("diamond.standard.sessions.storage", 3).toHex())
        .isEqualTo("0x6f5f17faaeeb3b8ad6b7dd754d86f51ee737c056d9dceb39304f997d9f946c75");
  }

  @Test
  void aSevenFieldReceiptIsSevenWords() {
    Bytes receipt =
        ReceiptWriter.write(
            ReceiptKind.SEVEN,
            SESSION,
            8453,
            1_767_225_600_123L,
            new ReceiptNumbers(30_500, 812, 1_200, 3_400));

    assertThat(receipt.toHex())
        .isEqualTo(
            SESSION.toHex()
                + word("2105")
                + word("19b76daa87b")
                + word("7724")
                + word("32c")
                + word("4b0")
                + word("d48"));
  }

  @Test
  void everyReceiptIsTakenForWhatTheLedgerSaysItIs() {
    for (ReceiptKind kind : ReceiptKind.values()) {
      ReceiptNumbers numbers = new ReceiptNumbers(30_500, 812, 1_200, 3_400);
      CloseoutReceipt decoded =
          CloseoutReceipt.decode(
              ReceiptWriter.write(kind, SESSION, 8453, 1_767_225_600_123L, numbers), SESSION, 8453);

      assertThat(decoded.format()).as(kind.name()).isEqualTo(kind.format());
      assertThat(decoded.tpsScaled1000()).as(kind.name()).hasValue(30_500);
      assertThat(decoded.ttftMs()).as(kind.name()).hasValue(812);
    }
  }

  @Test
  void junkIsFourKilobytesLong() {
    assertThat(ReceiptWriter.write(ReceiptKind.JUNK, SESSION, 8453, 1, ReceiptNumbers.IDLE).size())
        .isEqualTo(4096);
  }

  @Test
  void aSessionsReceiptStartsWhereTheOffsetSays() {
    Bytes receipt = Bytes.of(new byte[] {1, 2, 3});
    Bytes data =
        StructWriter.session(
            new StructWriter.SessionFields(
                USER, BID, BigInteger.TEN, receipt, 1, BigInteger.TWO, 3, 4, 5, false, true));

    assertThat(number(data, 0)).isEqualTo(32);
    assertThat(number(data, 4)).isEqualTo(352);
    assertThat(number(data, 5)).isOne();
    assertThat(number(data, 6)).isEqualTo(2);
    assertThat(number(data, 7)).isEqualTo(3);
    assertThat(number(data, 8)).isEqualTo(4);
    assertThat(number(data, 9)).isEqualTo(5);
    assertThat(number(data, 10)).isZero();
    assertThat(number(data, 11)).isOne();
    assertThat(number(data, 12)).isEqualTo(3);
    assertThat(data.slice(32 + 352 + 32, 32 + 352 + 35)).isEqualTo(receipt);
    assertThat(data.size()).isEqualTo(14 * 32);
  }

  @Test
  void unknownIdsGiveZerosOfTheContractsSize() {
    assertThat(StructWriter.noSession().size()).isEqualTo(416);
    assertThat(StructWriter.noBid().isZero()).isTrue();
    assertThat(StructWriter.noBid().size()).isEqualTo(192);
    assertThat(StructWriter.noModel().toHex())
        .isEqualTo(
            "0x"
                + word("20")
                + word("").repeat(4)
                + word("100")
                + word("120")
                + word("").repeat(4));
  }

  @Test
  void aNegativeNumberFillsItsWordWithOnes() {
    assertThat(new AbiWords().signed(-2).toBytes().toHex()).isEqualTo("0x" + "f".repeat(63) + "e");
  }

  private static String word(String hex) {
    return "0".repeat(64 - hex.length()) + hex;
  }

  private static long number(Bytes data, int word) {
    return new BigInteger(1, data.slice(32 * word, 32 * word + 32).toArray()).longValueExact();
  }
}
