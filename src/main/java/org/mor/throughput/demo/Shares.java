package org.mor.throughput.demo;

import java.util.List;
import java.util.function.ToIntFunction;

/** Picks among things in proportion to their weights. */
final class Shares {
  private Shares() {}

  static <T> T pick(Dice dice, List<T> things, ToIntFunction<T> weight) {
    return things.get(dice.weighted(things.stream().map(weight::applyAsInt).toList()));
  }
}
