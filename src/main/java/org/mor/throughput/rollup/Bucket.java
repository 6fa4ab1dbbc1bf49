package org.mor.throughput.rollup;

/** One bucket of a series: its first second (Unix, UTC), its published name and its figures. */
public record Bucket(long start, String label, Metrics metrics) {}
