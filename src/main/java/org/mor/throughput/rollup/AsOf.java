package org.mor.throughput.rollup;

import java.io.Serializable;

/**
 * The block the numbers are of and its time in Unix seconds; every "now" is this one, not a clock.
 *
 * @param generation how often the store was rewound before: numbers of a later generation are newer
 *     even where they are of an earlier block
 */
public record AsOf(long block, long time, int generation) implements Serializable {
  public AsOf {
    if (block < 0 || time < 0 || generation < 0) {
      throw new IllegalArgumentException(
          "Block, time and generation must not be negative: %d, %d, %d"
              .formatted(block, time, generation));
    }
  }

  /** The numbers of a store that was never rewound. */
  public AsOf(long block, long time) {
    this(block, time, 0);
  }
}
