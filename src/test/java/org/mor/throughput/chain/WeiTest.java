package org.mor.throughput.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Amounts say the same as BigIntegers, on both sides of every place where their form changes. */
class WeiTest {
  private static final BigInteger MOR = BigInteger.TEN.pow(18);

  @Test
  void everythingIsAsWithBigIntegers() {
    List<BigInteger> values = values();
    for (BigInteger value : values) {
      Wei wei = Wei.of(value);
      assertThat(wei.value()).isEqualTo(value);
      assertThat(wei).hasToString(value.toString());
      assertThat(Wei.parse(value.toString())).isEqualTo(wei).hasSameHashCodeAs(wei);
      for (BigInteger other : values) {
        assertThat(wei.plus(Wei.of(other)).value()).isEqualTo(value.add(other));
        assertThat(Integer.signum(wei.compareTo(Wei.of(other)))).isEqualTo(value.compareTo(other));
        assertThat(wei.equals(Wei.of(other))).isEqualTo(value.equals(other));
      }
      for (long factor : new long[] {0, 1, 2, 9, 86_400, Integer.MAX_VALUE, 1L << 40}) {
        assertThat(wei.times(factor).value())
            .as("%s times %d", value, factor)
            .isEqualTo(value.multiply(BigInteger.valueOf(factor)));
      }
    }
  }

  @Test
  void wholeMorAndTheRestAreCarried() {
    assertThat(Wei.of(3, Long.MAX_VALUE).value())
        .isEqualTo(MOR.multiply(BigInteger.valueOf(3)).add(BigInteger.valueOf(Long.MAX_VALUE)));
    assertThat(Wei.of(3, Long.MAX_VALUE).mor()).isEqualTo(12);
    assertThatThrownBy(() -> Wei.of(-1, 0)).hasMessageContaining("-1 MOR and 0");
    assertThatThrownBy(() -> Wei.of(0, -1)).hasMessageContaining("0 MOR and -1");
    assertThatThrownBy(() -> Wei.of(Wei.PER_MOR, 0)).hasMessageContaining("nor so many");
  }

  private static List<BigInteger> values() {
    List<BigInteger> values = new ArrayList<>();
    Random random = new Random(5);
    for (BigInteger edge :
        List.of(
            BigInteger.ONE,
            BigInteger.TEN.pow(9),
            MOR,
            MOR.multiply(BigInteger.valueOf(Integer.MAX_VALUE)),
            BigInteger.ONE.shiftLeft(63),
            MOR.multiply(MOR),
            BigInteger.ONE.shiftLeft(256))) {
      values.add(edge.subtract(BigInteger.ONE));
      values.add(edge);
      if (edge.bitLength() < 257) {
        values.add(edge.add(BigInteger.valueOf(7)));
      }
    }
    for (int bits = 1; bits < 256; bits += 9) {
      values.add(new BigInteger(bits, random));
    }
    values.removeIf(value -> value.toString().length() > 78);
    return values;
  }
}
