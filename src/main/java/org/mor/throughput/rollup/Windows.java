package org.mor.throughput.rollup;

/** The figures of all time and of the windows (asOf - d, asOf]. */
public record Windows(Metrics allTime, Metrics last24h, Metrics last7d, Metrics last30d) {}
