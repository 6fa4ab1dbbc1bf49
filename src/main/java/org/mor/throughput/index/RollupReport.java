package org.mor.throughput.index;

import java.util.Optional;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.publish.Publisher.PublishReport;
import org.mor.throughput.rollup.Rollup;
import org.mor.throughput.rollup.StuckSessions;

/**
 * What was computed and what became of it.
 *
 * @param stuck empty when the chain was not asked
 * @param proof what is proven; as it was kept when the chain was not asked
 */
public record RollupReport(
    Rollup rollup, Optional<StuckSessions> stuck, ProofRecord proof, PublishReport published) {}
