package org.mor.throughput.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Wei;

class WideSumTest {
  @Test
  void amountsOfAnySizeAreExactFarBeyondSixtyFourBits() {
    Random random = new Random(8);
    WideSum sum = new WideSum();
    WideSum other = new WideSum();
    Wei most = Wei.of(Wei.PER_MOR - 1, Wei.PER_MOR - 1);
    BigInteger exact = BigInteger.ZERO;
    for (int i = 0; i < 1000; i++) {
      BigInteger value = new BigInteger(random.nextInt(257), random);
      sum.add(value);
      sum.add(Wei.of(value));
      sum.add(most);
      other.add(most);
      other.add(Long.MAX_VALUE);
      exact =
          exact.add(value.add(most.value()).shiftLeft(1)).add(BigInteger.valueOf(Long.MAX_VALUE));
    }
    sum.add(other);
    assertThat(sum.value()).isEqualTo(exact);
  }
}
