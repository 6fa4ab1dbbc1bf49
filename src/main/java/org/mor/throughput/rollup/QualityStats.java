package org.mor.throughput.rollup;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Speed over the quality samples of a bucket: tokens per second to 3 decimals, milliseconds to the
 * first token to 1. Null without a sample.
 */
public record QualityStats(
    @Nullable BigDecimal avgTps,
    @Nullable BigDecimal avgTpsClamped,
    @Nullable BigDecimal avgTtftMs,
    Percentiles tps,
    Percentiles ttftMs,
    long tpsSamples,
    long ttftSamples) {}
