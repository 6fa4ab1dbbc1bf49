package org.mor.throughput.store;

import java.util.regex.Pattern;

/** A key below the store's prefix, such as {@code raw/closes/2026-04.ndjson.gz}. */
public record ObjectKey(String value) implements Comparable<ObjectKey> {
  private static final Pattern ALLOWED =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._=-]*(/[A-Za-z0-9][A-Za-z0-9._=-]*)*");

  public ObjectKey {
    if (!isValid(value)) {
      throw new IllegalArgumentException("Not an object key: " + value);
    }
  }

  /** Whether a text is a key: segments of letters, digits and {@code ._=-}. */
  public static boolean isValid(String value) {
    return ALLOWED.matcher(value).matches();
  }

  @Override
  public int compareTo(ObjectKey other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
