package org.mor.throughput.rollup;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Between which ranks of a sample a percentile of what was sampled lies, with 95 % confidence and
 * whatever the distribution: the lower rank l has P(B &lt; l) at most 2.5 %, the upper rank h has
 * P(B &gt;= h) at most 2.5 %, where B is binomial. In integers, exact to 38 digits; keeps what it
 * computed. Not thread-safe.
 */
public final class OrderIntervals {
  /** 1 in the weights: relative to the most likely count, so that they never are too small. */
  private static final BigInteger ONE = BigInteger.ONE.shiftLeft(128);

  /** One tail is at most the 40th part. */
  private static final BigInteger TAIL = BigInteger.valueOf(40);

  private final Map<Question, Optional<Ranks>> known = new HashMap<>();

  private record Question(int percent, long samples) {}

  /** Two ranks, from 1 on, both included. */
  public record Ranks(long low, long high) {}

  /** Empty where so few samples say nothing. */
  public Optional<Ranks> of(int percent, long samples) {
    if (percent < 1 || percent > 99 || samples < 0) {
      throw new IllegalArgumentException(
          "No interval of percentile %d over %d samples".formatted(percent, samples));
    }
    return known.computeIfAbsent(new Question(percent, samples), OrderIntervals::compute);
  }

  private static Optional<Ranks> compute(Question asked) {
    long n = asked.samples();
    long mode = Math.min(n, (n + 1) * asked.percent() / 100);
    Deque<BigInteger> weights = new ArrayDeque<>();
    long first = mode;
    BigInteger weight = ONE;
    for (long k = mode; k >= 0 && weight.signum() > 0; k--) {
      weights.addFirst(weight);
      first = k;
      weight = scaled(weight, k * (100 - asked.percent()), (n - k + 1) * asked.percent());
    }
    weight = ONE;
    for (long k = mode; k < n; k++) {
      weight = scaled(weight, (n - k) * asked.percent(), (k + 1) * (100 - asked.percent()));
      if (weight.signum() == 0) {
        break;
      }
      weights.addLast(weight);
    }
    return ranks(new ArrayList<>(weights), first, n);
  }

  private static BigInteger scaled(BigInteger weight, long times, long by) {
    return weight.multiply(BigInteger.valueOf(times)).divide(BigInteger.valueOf(by));
  }

  /** The weights are of the counts from {@code first} on; all others weigh nothing. */
  private static Optional<Ranks> ranks(List<BigInteger> weights, long first, long n) {
    BigInteger most = weights.stream().reduce(BigInteger.ZERO, BigInteger::add).divide(TAIL);
    long low = first + inTail(weights, most);
    Collections.reverse(weights);
    long high = first + weights.size() - inTail(weights, most);
    return low < 1 || high > n ? Optional.empty() : Optional.of(new Ranks(low, high));
  }

  /** How many of the first weights together weigh no more than {@code most}. */
  private static int inTail(List<BigInteger> weights, BigInteger most) {
    BigInteger sum = BigInteger.ZERO;
    int count = 0;
    for (BigInteger weight : weights) {
      sum = sum.add(weight);
      if (sum.compareTo(most) > 0) {
        break;
      }
      count++;
    }
    return count;
  }
}
