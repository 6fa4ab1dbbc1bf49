package org.mor.throughput.rollup;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of one cell have in common, as places in lists: of models, providers and size
 * classes; -1 for one that is not known.
 */
public record PerformanceKey(int model, int provider, int input, int output)
    implements Comparable<PerformanceKey> {
  private static final int MIX = 0x9e3779b9;

  private static final Comparator<PerformanceKey> ORDER =
      Comparator.comparingInt(PerformanceKey::model)
          .thenComparingInt(PerformanceKey::provider)
          .thenComparingInt(PerformanceKey::input)
          .thenComparingInt(PerformanceKey::output);

  public PerformanceKey {
    boolean sized = input >= 0 && input < 3 && output >= 0 && output < 3;
    boolean unsized = input == SizeScale.UNKNOWN && output == SizeScale.UNKNOWN;
    if (model < -1 || provider < -1 || !(sized || unsized)) {
      throw new IllegalArgumentException(
          "No such cell: model %d, provider %d, input class %d, output class %d"
              .formatted(model, provider, input, output));
    }
  }

  @Override
  public int compareTo(PerformanceKey other) {
    return ORDER.compare(this, other);
  }

  /** By hand, as a map asks it for every row: what a record comes with goes through handles. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PerformanceKey key
        && model == key.model
        && provider == key.provider
        && input == key.input
        && output == key.output;
  }

  /** Spreads neighbours, which the usual sum of small numbers would put into one place. */
  @Override
  public int hashCode() {
    int hash = (model * MIX + provider) * MIX + 4 * input + output;
    return hash ^ hash >>> 15;
  }
}
