package org.mor.throughput.rollup;

/** Exact numbers of different users, providers and models among a bucket's closes. */
public record DistinctCounts(int users, int providers, int models) {}
