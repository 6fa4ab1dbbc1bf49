package org.mor.throughput.rollup;

import java.util.OptionalLong;

/** The times of the first and the last close, in Unix seconds; both empty without a close. */
public record CloseSpan(OptionalLong first, OptionalLong last) {
  static final CloseSpan NONE = new CloseSpan(OptionalLong.empty(), OptionalLong.empty());

  public CloseSpan {
    if (first.isPresent() != last.isPresent() || first.orElse(0) > last.orElse(0)) {
      throw new IllegalArgumentException("No span of closes: %s to %s".formatted(first, last));
    }
  }

  static CloseSpan of(long first, long last) {
    return new CloseSpan(OptionalLong.of(first), OptionalLong.of(last));
  }

  CloseSpan and(CloseSpan other) {
    if (first.isEmpty() || other.first.isEmpty()) {
      return first.isEmpty() ? other : this;
    }
    return of(
        Math.min(first.getAsLong(), other.first.getAsLong()),
        Math.max(last.getAsLong(), other.last.orElseThrow()));
  }
}
