package org.mor.throughput.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValuesTest {
  @Test
  void hexIsReadInEitherCaseAndWrittenInLowerCase() {
    assertThat(Address.fromHex("0x" + "aB".repeat(20)).toHex()).isEqualTo("0x" + "ab".repeat(20));
    assertThat(Hash32.fromHex("0x" + "Ef".repeat(32)).toHex()).isEqualTo("0x" + "ef".repeat(32));
    assertThat(Bytes.fromHex("0xA0").toHex()).isEqualTo("0xa0");
  }

  @Test
  void whatIsNotHexOrNotOfTheRightSizeIsRefusedWithItsText() {
    assertThatThrownBy(() -> Address.fromHex("0x12"))
        .hasMessageContaining("20 bytes")
        .hasMessageContaining("0x12");
    assertThatThrownBy(() -> Hash32.fromHex("zz" + "00".repeat(32)))
        .hasMessageContaining("start with 0x");
    assertThatThrownBy(() -> Bytes.fromHex("0xabc")).hasMessageContaining("0xabc");
    assertThatThrownBy(() -> Bytes.fromHex("0xgg")).hasMessageContaining("Not hex");
    assertThatThrownBy(() -> Bytes.fromHex("x".repeat(5000)))
        .hasMessageContaining("5000 characters");
  }

  @Test
  void valuesAreEqualByContentAndSharedWithNobody() {
    byte[] raw = {1, 2, 3};
    Bytes bytes = Bytes.of(raw);
    raw[0] = 9;
    bytes.toArray()[1] = 9;

    assertThat(bytes)
        .isEqualTo(Bytes.fromHex("0x010203"))
        .hasSameHashCodeAs(Bytes.fromHex("0x010203"));
    assertThat(bytes.slice(1, 3)).isEqualTo(Bytes.fromHex("0x0203"));
    assertThatThrownBy(() -> bytes.slice(2, 4)).hasMessageContaining("2..4 of 3 bytes");
  }

  @Test
  void anAddressInAWordMustHaveCleanUpperBytes() {
    assertThat(Address.fromWord(Hash32.fromHex("0x" + "00".repeat(12) + "11".repeat(20))))
        .isEqualTo(Address.fromHex("0x" + "11".repeat(20)));
    assertThatThrownBy(() -> Address.fromWord(Hash32.fromHex("0x01" + "00".repeat(31))))
        .hasMessageContaining("Not an address");
  }

  @Test
  void weiIsExactAndPlainDecimal() {
    assertThat(
            Wei.parse(
                    "115792089237316195423570985008687907853269984665640564039457584007913129639935")
                .value())
        .isEqualTo(BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE));
    assertThat(Wei.of(3).times(4).plus(Wei.of(1))).isEqualTo(Wei.of(13));
    for (String bad : List.of("", "-1", "1.5", "1e18", "0x10", " 1", "9".repeat(79))) {
      assertThatThrownBy(() -> Wei.parse(bad)).hasMessageContaining("decimal digits");
    }
    assertThatThrownBy(() -> Wei.of(BigInteger.ONE.negate())).hasMessageContaining("-1");
  }

  @Test
  void aRangeIncludesBothItsEnds() {
    BlockRange range = new BlockRange(10, 19);

    assertThat(range.size()).isEqualTo(10);
    assertThat(range.contains(10)).isTrue();
    assertThat(range.contains(19)).isTrue();
    assertThat(range.contains(20)).isFalse();
    assertThat(range.head(3)).isEqualTo(new BlockRange(10, 12));
    assertThat(range.head(100)).isEqualTo(range);
    assertThat(range.after(12)).contains(new BlockRange(13, 19));
    assertThat(range.after(19)).isEmpty();
    assertThat(range.after(5)).contains(range);
    assertThat(range.overlaps(new BlockRange(19, 30))).isTrue();
    assertThat(range.overlaps(new BlockRange(20, 30))).isFalse();
    assertThatThrownBy(() -> new BlockRange(5, 4)).hasMessageContaining("5..4");
  }

  @Test
  void logsAreOrderedByBlockThenIndex() {
    assertThat(
            List.of(new LogPosition(2, 0), new LogPosition(1, 9), new LogPosition(1, 10)).stream()
                .sorted())
        .containsExactly(new LogPosition(1, 9), new LogPosition(1, 10), new LogPosition(2, 0));
  }
}
