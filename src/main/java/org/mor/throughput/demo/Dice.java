package org.mor.throughput.demo;

import java.util.List;
import java.util.function.ToIntFunction;
import org.mor.throughput.base.SplitMix;

/** Draws that depend on a seed alone and come out the same on every JVM (SplitMix64). */
final class Dice {
  private long state;

  private Dice(long state) {
    this.state = state;
  }

  /** An independent stream: other purposes and other indices draw other numbers. */
  static Dice of(long seed, String purpose, long index) {
    return new Dice(
        SplitMix.mix(SplitMix.mix(seed + SplitMix.GAMMA) + purpose.hashCode())
            + SplitMix.mix(index * SplitMix.GAMMA + 1));
  }

  long next() {
    state += SplitMix.GAMMA;
    return SplitMix.mix(state);
  }

  /** From {@code low} to {@code high}, both included. */
  long between(long low, long high) {
    if (high < low) {
      throw new IllegalArgumentException("Nothing to draw between " + low + " and " + high);
    }
    return low + Long.remainderUnsigned(next(), high - low + 1);
  }

  boolean perMille(int chance) {
    return between(0, 999) < chance;
  }

  /** From 0 (included) to 1 (excluded). */
  double unit() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  /** Ten to a power drawn evenly: small numbers often, large ones now and then. */
  long power(double low, double high) {
    return (long) StrictMath.pow(10, low + unit() * (high - low));
  }

  <T> T pick(List<T> choices) {
    return choices.get((int) between(0, choices.size() - 1L));
  }

  /** An index, drawn in proportion to its weight. */
  int weighted(List<Integer> weights) {
    long left = between(0, weights.stream().mapToInt(Integer::intValue).sum() - 1L);
    int index = 0;
    while (left >= weights.get(index)) {
      left -= weights.get(index);
      index++;
    }
    return index;
  }

  byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) next();
    }
    return bytes;
  }

  /** Picks among things in proportion to their weights. */
  static final class Shares {
    private Shares() {}

    static <T> T pick(Dice dice, List<T> things, ToIntFunction<T> weight) {
      return things.get(dice.weighted(things.stream().map(weight::applyAsInt).toList()));
    }
  }
}
