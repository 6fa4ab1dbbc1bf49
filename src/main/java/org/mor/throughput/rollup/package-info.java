/**
 * Pure aggregation: rows go in month by month, {@link org.mor.throughput.rollup.Rollup} comes out:
 * windows, time buckets, per-model and per-provider breakdowns, exact distincts, mergeable
 * sketches, stuck sessions. May import {@code session}, {@code contract} and {@code chain}.
 */
@NullMarked
package org.mor.throughput.rollup;

import org.jspecify.annotations.NullMarked;
