package org.mor.throughput.rollup;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Small numbers for values, in order of first sight, so that sets of them are bitmaps. */
final class Names<T> {
  /** The number of an unknown value; it is in no set. */
  static final int NONE = -1;

  private final Map<T, Integer> numbers = new HashMap<>();
  private final List<T> values = new ArrayList<>();

  int number(@Nullable T value) {
    if (value == null) {
      return NONE;
    }
    Integer known = numbers.get(value);
    if (known != null) {
      return known;
    }
    numbers.put(value, values.size());
    values.add(value);
    return values.size() - 1;
  }

  /** Every value, at the place of its number. */
  List<T> values() {
    return Collections.unmodifiableList(values);
  }

  /** For each of our numbers, the number the same value has in {@code other}. */
  int[] numbersIn(Names<T> other) {
    return values.stream().mapToInt(other::number).toArray();
  }
}
