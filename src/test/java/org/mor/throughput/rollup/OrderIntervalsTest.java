package org.mor.throughput.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrderIntervalsTest {
  private final OrderIntervals intervals = new OrderIntervals();

  @Test
  void ranksAreThoseOfTheTable() {
    assertThat(intervals.of(50, 30)).contains(new OrderIntervals.Ranks(10, 21));
    assertThat(intervals.of(50, 100)).contains(new OrderIntervals.Ranks(40, 61));
    assertThat(intervals.of(95, 100)).contains(new OrderIntervals.Ranks(90, 100));
    assertThat(intervals.of(99, 1000)).contains(new OrderIntervals.Ranks(983, 997));
  }

  @Test
  void anIntervalExistsFromTheFewestSamplesThatAllowOne() {
    assertThat(intervals.of(50, 5)).isEmpty();
    assertThat(intervals.of(50, 6)).contains(new OrderIntervals.Ranks(1, 6));
    assertThat(intervals.of(95, 71)).isEmpty();
    assertThat(intervals.of(95, 72)).isPresent();
    assertThat(intervals.of(99, 367)).isEmpty();
    assertThat(intervals.of(99, 368)).isPresent();
    assertThat(intervals.of(50, 0)).isEmpty();
  }

  @Test
  void everySmallSampleAgreesWithTheDefinitionInWholeNumbers() {
    for (int percent : new int[] {50, 95, 99}) {
      for (int n = 1; n <= 380; n += percent == 50 ? 17 : 61) {
        assertThat(intervals.of(percent, n))
            .as("p%d, n=%d", percent, n)
            .isEqualTo(exact(percent, n));
      }
    }
  }

  @Test
  void aLargeSampleIsQuickAndNearTheNormalDistribution() {
    OrderIntervals.Ranks ranks = intervals.of(50, 1_000_000).orElseThrow();
    assertThat(ranks.low()).isBetween(499_019L, 499_022L);
    assertThat(ranks.high()).isEqualTo(1_000_001 - ranks.low());
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> intervals.of(100, 5)).hasMessageContaining("100");
    assertThatThrownBy(() -> intervals.of(50, -1)).hasMessageContaining("-1");
  }

  /** Every term of the binomial distribution times 100^n, and the definition word for word. */
  private static Optional<OrderIntervals.Ranks> exact(int percent, int n) {
    BigInteger[] terms = new BigInteger[n + 1];
    BigInteger choose = BigInteger.ONE;
    for (int k = 0; k <= n; k++) {
      terms[k] =
          choose
              .multiply(BigInteger.valueOf(percent).pow(k))
              .multiply(BigInteger.valueOf(100 - percent).pow(n - k));
      choose = choose.multiply(BigInteger.valueOf(n - k)).divide(BigInteger.valueOf(k + 1));
    }
    BigDecimal tail =
        new BigDecimal(BigInteger.valueOf(100).pow(n)).multiply(new BigDecimal("0.025"));
    int low = 0;
    while (low < n && sum(terms, 0, low + 1).compareTo(tail) <= 0) {
      low++;
    }
    int high = n + 1;
    while (high > 1 && sum(terms, high - 1, n + 1).compareTo(tail) <= 0) {
      high--;
    }
    return low < 1 || high > n
        ? Optional.empty()
        : Optional.of(new OrderIntervals.Ranks(low, high));
  }

  private static BigDecimal sum(BigInteger[] terms, int from, int to) {
    BigInteger sum = BigInteger.ZERO;
    for (int k = from; k < to; k++) {
      sum = sum.add(terms[k]);
    }
    return new BigDecimal(sum);
  }
}
