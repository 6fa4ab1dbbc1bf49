package org.mor.throughput.verify;

/**
 * Something that is not as it should be.
 *
 * @param where the object, with line, session or field
 * @param what what is wrong, in words
 * @param stored what is there
 * @param expected what should be
 */
public record Difference(String where, String what, String stored, String expected) {}
