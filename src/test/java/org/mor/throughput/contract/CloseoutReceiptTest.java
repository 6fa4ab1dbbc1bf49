package org.mor.throughput.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;

class CloseoutReceiptTest {
  private static final Hash32 ID = Hash32.fromHex("0x" + "ab".repeat(32));
  private static final long BASE = 8453;
  private static final BigInteger TOO_LARGE = BigInteger.ONE.shiftLeft(32);

  @Test
  void sevenWordsOfANodeCarryTokens() {
    CloseoutReceipt receipt = decode(words(ID, BASE, 1_767_225_600_123L, 30_500, 812, 1200, 3400));

    assertThat(receipt.format()).isEqualTo(ReceiptFormat.SEVEN_FIELD);
    assertThat(receipt.tpsScaled1000()).hasValue(30_500);
    assertThat(receipt.ttftMs()).hasValue(812);
    assertThat(receipt.inputTokens()).hasValue(1200);
    assertThat(receipt.outputTokens()).hasValue(3400);
    assertThat(receipt.bytes()).isEqualTo(224);
  }

  @Test
  void fiveWordsOfANodeCarryNoTokens() {
    CloseoutReceipt receipt = decode(words(ID, BASE, 1, 30_500, 812));

    assertThat(receipt.format()).isEqualTo(ReceiptFormat.FIVE_FIELD);
    assertThat(receipt.tpsScaled1000()).hasValue(30_500);
    assertThat(receipt.inputTokens()).isEmpty();
    assertThat(receipt.outputTokens()).isEmpty();
  }

  @Test
  void noBytesAreNoReceipt() {
    CloseoutReceipt receipt = CloseoutReceipt.decode(Bytes.EMPTY, ID, BASE);

    assertThat(receipt.format()).isEqualTo(ReceiptFormat.NONE);
    assertThat(receipt.tpsScaled1000()).isEmpty();
    assertThat(receipt.bytes()).isZero();
  }

  @Test
  void theLargestWordsAreStillARegularReceipt() {
    long max = (1L << 32) - 1;

    assertThat(decode(words(ID, BASE, 1, max, max, max, max)).outputTokens()).hasValue(max);
  }

  @ParameterizedTest
  @CsvSource({"5", "6"})
  void aTokenWordOver32BitsMakesItUnrecognized(int word) {
    CloseoutReceipt receipt = decode(withWord(words(ID, BASE, 1, 7, 8, 9, 10), word, TOO_LARGE));

    assertThat(receipt.format()).isEqualTo(ReceiptFormat.UNRECOGNIZED);
    assertThat(receipt.tpsScaled1000()).hasValue(7);
    assertThat(receipt.inputTokens()).isEmpty();
    assertThat(receipt.outputTokens()).isEmpty();
  }

  @Test
  void aTpsWordOver32BitsIsNoTps() {
    CloseoutReceipt receipt = decode(withWord(words(ID, BASE, 1, 7, 8), 3, TOO_LARGE));

    assertThat(receipt.format()).isEqualTo(ReceiptFormat.UNRECOGNIZED);
    assertThat(receipt.tpsScaled1000()).isEmpty();
    assertThat(receipt.ttftMs()).hasValue(8);
  }

  @Test
  void aReceiptOfAnotherSessionOrChainIsUnrecognized() {
    Hash32 other = Hash32.fromHex("0x" + "cd".repeat(32));

    assertThat(decode(words(other, BASE, 1, 7, 8, 9, 10)).format())
        .isEqualTo(ReceiptFormat.UNRECOGNIZED);
    assertThat(decode(words(ID, 42161, 1, 7, 8, 9, 10)).format())
        .isEqualTo(ReceiptFormat.UNRECOGNIZED);
  }

  @ParameterizedTest
  @CsvSource({"1", "31", "128", "159", "161", "192", "223", "225", "255", "256", "4096"})
  void anyOtherLengthIsUnrecognized(int size) {
    byte[] bytes = new byte[size];
    byte[] genuine = words(ID, BASE, 1, 7, 8, 9, 10);
    System.arraycopy(genuine, 0, bytes, 0, Math.min(size, genuine.length));

    CloseoutReceipt receipt = decode(bytes);

    assertThat(receipt.format()).isEqualTo(ReceiptFormat.UNRECOGNIZED);
    assertThat(receipt.bytes()).isEqualTo(size);
    assertThat(receipt.inputTokens()).isEmpty();
    assertThat(receipt.tpsScaled1000())
        .isEqualTo(size >= 128 ? OptionalLong.of(7) : OptionalLong.empty());
    assertThat(receipt.ttftMs()).isEqualTo(size >= 160 ? OptionalLong.of(8) : OptionalLong.empty());
  }

  @Test
  void noBytesWhateverMakeTheDecoderFail() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] junk = new byte[random.nextInt(300)];
      random.nextBytes(junk);

      CloseoutReceipt receipt = decode(junk);

      assertThat(receipt.bytes()).isEqualTo(junk.length);
      assertThat(receipt.inputTokens()).isEmpty();
    }
  }

  @Test
  void tokensCannotBeClaimedForAnotherFormat() {
    assertThatThrownBy(
            () ->
                new CloseoutReceipt(
                    ReceiptFormat.FIVE_FIELD,
                    OptionalLong.of(1),
                    OptionalLong.of(1),
                    OptionalLong.of(1),
                    OptionalLong.of(1),
                    160))
        .hasMessageContaining("not to five-field");
  }

  private static CloseoutReceipt decode(byte[] receipt) {
    return CloseoutReceipt.decode(Bytes.of(receipt), ID, BASE);
  }

  private static byte[] words(Hash32 id, long... rest) {
    byte[] bytes = new byte[32 * (rest.length + 1)];
    System.arraycopy(id.toArray(), 0, bytes, 0, 32);
    for (int i = 0; i < rest.length; i++) {
      put(bytes, i + 1, BigInteger.valueOf(rest[i]));
    }
    return bytes;
  }

  private static byte[] withWord(byte[] bytes, int index, BigInteger value) {
    put(bytes, index, value);
    return bytes;
  }

  private static void put(byte[] bytes, int index, BigInteger value) {
    for (int i = 0; i < 32; i++) {
      bytes[index * 32 + 31 - i] = value.shiftRight(8 * i).byteValue();
    }
  }
}
