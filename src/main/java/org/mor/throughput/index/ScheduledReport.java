package org.mor.throughput.index;

import java.util.Optional;

/**
 * What a scheduled run did.
 *
 * @param refresh empty when there was no time for it
 * @param rollup empty when nothing was published
 */
public record ScheduledReport(
    IncrementalReport scan, Optional<RefreshReport> refresh, Optional<RollupReport> rollup) {}
