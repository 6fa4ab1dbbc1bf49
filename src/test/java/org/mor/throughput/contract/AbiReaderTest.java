package org.mor.throughput.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;

class AbiReaderTest {
  private static final Hash32 ID = Hash32.fromHex("0x" + "01".repeat(32));
  private static final String USER = "11".repeat(20);
  private static final String BID = "22".repeat(32);

  @Test
  void readsASessionWithItsReceipt() {
    SessionState state =
        SessionState.decode(session(word(352), word(3), "abcdef" + "00".repeat(29)), ID)
            .orElseThrow();

    assertThat(state.user()).isEqualTo(Address.fromHex("0x" + USER));
    assertThat(state.bidId()).isEqualTo(Hash32.fromHex("0x" + BID));
    assertThat(state.stake()).isEqualTo(Wei.of(5));
    assertThat(state.receipt()).isEqualTo(Bytes.fromHex("0xabcdef"));
    assertThat(state.closeoutType()).isEqualTo(1);
    assertThat(state.paid()).isEqualTo(Wei.of(6));
    assertThat(state.openedAt()).isEqualTo(100);
    assertThat(state.endsAt()).isEqualTo(200);
    assertThat(state.closedAt()).isEqualTo(150);
    assertThat(state.isActive()).isFalse();
    assertThat(state.directPayment()).isTrue();
  }

  @Test
  void anAllZeroStructIsMissingAndNotData() {
    assertThat(
            SessionState.decode(
                hex(word(32) + word(0).repeat(3) + word(352) + word(0).repeat(8)), ID))
        .isEmpty();
    assertThat(BidState.decode(hex(word(0).repeat(6)), ID)).isEmpty();
    assertThat(
            ModelState.decode(
                hex(word(32) + word(0).repeat(4) + word(256) + word(288) + word(0).repeat(4)), ID))
        .isEmpty();
  }

  @Test
  void readsABidWithoutALeadingOffset() {
    BidState bid =
        BidState.decode(
                hex("00".repeat(12) + USER + BID + word(9) + word(1) + word(77) + word(0)), ID)
            .orElseThrow();

    assertThat(bid)
        .isEqualTo(
            new BidState(Address.fromHex("0x" + USER), Hash32.fromHex("0x" + BID), Wei.of(9)));
  }

  @Test
  void readsAModelsNameAndTags() {
    ModelState model = ModelState.decode(model(2), ID).orElseThrow();

    assertThat(model.name()).isEqualTo("abc");
    assertThat(model.tags()).containsExactly("a", "bb");
  }

  @Test
  void textsThatShareBytesAreRefused() {
    int tags = 1_000;
    Bytes bomb =
        hex(
            word(32)
                + word(1)
                + word(2)
                + word(3)
                + ("00".repeat(12) + USER)
                + word(256)
                + word(320)
                + word(7)
                + word(0)
                + (word(3) + "616263" + "00".repeat(29))
                + word(tags)
                + word(32 * tags).repeat(tags)
                + word(100_000)
                + "61".repeat(100_000));

    assertThatThrownBy(() -> ModelState.decode(bomb, ID))
        .isInstanceOf(ChainContradictionException.class)
        .hasMessageContaining("cannot lie in");
  }

  @Test
  void aLengthNobodyCouldHaveSentIsRefusedBeforeAnythingIsAllocated() {
    assertThatThrownBy(() -> ModelState.decode(model(Integer.MAX_VALUE), ID))
        .isInstanceOf(ChainContradictionException.class)
        .hasMessageContaining("getModel(" + ID + ")")
        .hasMessageContaining("beyond");
    assertThatThrownBy(() -> SessionState.decode(session(word(352), "ff".repeat(32), ""), ID))
        .isInstanceOf(ChainContradictionException.class)
        .hasMessageContaining("beyond");
    assertThatThrownBy(() -> SessionState.decode(session("7f" + "ff".repeat(31), word(0), ""), ID))
        .isInstanceOf(ChainContradictionException.class);
  }

  @Test
  void anAddressWithDirtyUpperBytesIsRefused() {
    assertThatThrownBy(
            () ->
                BidState.decode(
                    hex("ff".repeat(12) + USER + BID + word(9) + word(1) + word(77) + word(0)), ID))
        .isInstanceOf(ChainContradictionException.class)
        .hasMessageContaining("Not an address");
  }

  @Test
  void noReturnDataAndCutReturnDataAreRefused() {
    Bytes whole = session(word(352), word(3), "abcdef" + "00".repeat(29));

    assertThatThrownBy(() -> SessionState.decode(Bytes.EMPTY, ID))
        .isInstanceOf(ChainContradictionException.class);
    assertThatThrownBy(() -> SessionState.decode(whole.slice(0, 384), ID))
        .isInstanceOf(ChainContradictionException.class);
  }

  @Test
  void anyBytesEitherDecodeOrAreRefusedByName() {
    Random random = new Random(11);
    byte[] seed = model(2).toArray();
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] mutated = seed.clone();
      for (int change = 0; change <= random.nextInt(4); change++) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(ModelState.decode(Bytes.of(mutated), ID)).isNotNull();
      } catch (ChainContradictionException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  private static Bytes session(String receiptOffset, String length, String receipt) {
    return hex(
        word(32)
            + ("00".repeat(12) + USER)
            + BID
            + word(5)
            + receiptOffset
            + word(1)
            + word(6)
            + word(100)
            + word(200)
            + word(150)
            + word(0)
            + word(1)
            + length
            + receipt);
  }

  private static Bytes model(int tags) {
    return hex(
        word(32)
            + word(1)
            + word(2)
            + word(3)
            + ("00".repeat(12) + USER)
            + word(256)
            + word(320)
            + word(7)
            + word(0)
            + (word(3) + "616263" + "00".repeat(29))
            + (word(tags) + word(64) + word(128))
            + (word(1) + "61" + "00".repeat(31))
            + (word(2) + "6262" + "00".repeat(30)));
  }

  private static String word(int value) {
    return HexFormat.of().formatHex(new byte[28]) + HexFormat.of().toHexDigits(value);
  }

  private static Bytes hex(String digits) {
    return Bytes.fromHex("0x" + digits);
  }
}
