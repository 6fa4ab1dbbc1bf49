/**
 * Pure aggregation: rows go in month by month, {@link org.mor.throughput.rollup.Rollup} comes out:
 * windows, time buckets, per-model and per-provider breakdowns, exact distincts, mergeable
 * sketches, stuck sessions. May import {@code session}, {@code contract} and {@code chain}.
 *
 * <p>Two halves: figures (cells, metrics, windows, breakdowns, stuck sessions, partials) may use
 * performance (performance cells, sketches, intervals, recommendations, and what both share: the
 * horizon, the directory, contributions). Performance uses no figure.
 */
@NullMarked
package org.mor.throughput.rollup;

import org.jspecify.annotations.NullMarked;
