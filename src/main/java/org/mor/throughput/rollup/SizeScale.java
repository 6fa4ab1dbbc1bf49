package org.mor.throughput.rollup;

import java.util.List;

/**
 * The size classes of sessions by their own totals: the volume of a session, never the length of a
 * prompt, since receipts hold no request count.
 *
 * @param names of the classes, smallest first
 * @param from the fewest tokens of each class
 */
public record SizeScale(List<String> names, List<Long> from) {
  /** The class of a session without token totals. */
  public static final int UNKNOWN = -1;

  public static final SizeScale INPUT =
      new SizeScale(List.of("low", "medium", "high"), List.of(0L, 1_000L, 10_000L));

  public static final SizeScale OUTPUT =
      new SizeScale(List.of("short", "medium", "long"), List.of(0L, 500L, 4_000L));

  public SizeScale {
    names = List.copyOf(names);
    from = List.copyOf(from);
    if (names.size() != from.size() || from.isEmpty() || from.get(0) != 0) {
      throw new IllegalArgumentException("No size classes: %s from %s".formatted(names, from));
    }
  }

  /** The place of the class in {@link #names}. */
  public int of(long tokens) {
    int place = from.size() - 1;
    while (place > 0 && tokens < from.get(place)) {
      place--;
    }
    return place;
  }

  /** The place of a named class; {@link #UNKNOWN} for any other text. */
  public int place(String name) {
    return names.indexOf(name);
  }
}
