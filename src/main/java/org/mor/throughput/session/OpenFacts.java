package org.mor.throughput.session;

import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;

/**
 * What the metrics need of one open, whichever schema its row has; what an old row lacks is null.
 *
 * @param openedAt Unix seconds; decides the partition and every bucket
 * @param endsAt Unix seconds; 0 where unknown
 * @param stake in wei; 0 where unknown
 * @param block of the SessionOpened log; 0 where unknown
 */
public record OpenFacts(
    Hash32 sessionId,
    long openedAt,
    long endsAt,
    @Nullable Address provider,
    @Nullable Hash32 modelId,
    Wei stake,
    long block) {}
