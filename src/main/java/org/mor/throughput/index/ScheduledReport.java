package org.mor.throughput.index;

import java.util.Optional;
import org.mor.throughput.proof.ProofRecord;

/**
 * What a scheduled run did.
 *
 * @param refresh empty when there was no time for it
 * @param rollup empty when nothing was published
 * @param proof empty while there is no cursor and when there was nothing new
 */
public record ScheduledReport(
    IncrementalReport scan,
    Optional<RefreshReport> refresh,
    Optional<RollupReport> rollup,
    Optional<ProofRecord> proof) {}
