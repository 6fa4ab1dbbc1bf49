package org.mor.throughput.export;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One column of a table.
 *
 * @param value what stands in it for a row, of the kind's type; null where the row does not say
 */
record TableColumn<R>(String name, Kind kind, Function<R, @Nullable Object> value) {
  /** What the values are. */
  enum Kind {
    /** A {@code Long}. */
    NUMBER,
    /** A {@code Long}: Unix seconds. */
    TIME,
    /** A {@code Boolean}. */
    FLAG,
    /** A {@code String} that is safe to show. */
    TEXT,
    /** A {@link org.mor.throughput.chain.Wei}, exact. */
    WEI
  }
}
