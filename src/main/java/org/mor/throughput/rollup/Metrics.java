package org.mor.throughput.rollup;

/** Everything that is published about one bucket or window. */
public record Metrics(
    SessionCounts sessions,
    TokenSums tokens,
    QualityStats quality,
    DistinctCounts distinct,
    MorSums mor) {}
