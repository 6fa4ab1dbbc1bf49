package org.mor.throughput.archive;

/**
 * A field in which something stored is not as it should be.
 *
 * @param field its name, or its path in a document such as {@code buckets[2026-04-21].tokens}
 * @param stored its JSON as stored, or {@code absent}
 * @param expected its JSON as it should be, or {@code absent}
 */
public record FieldDifference(String field, String stored, String expected) {
  /** How a missing field is shown. */
  public static final String ABSENT = "absent";
}
