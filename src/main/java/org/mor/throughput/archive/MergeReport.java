package org.mor.throughput.archive;

import java.util.SortedSet;
import org.mor.throughput.session.Month;

/**
 * What a merge did, counted against what was stored when it began.
 *
 * @param opensAdded opens that were not stored before
 * @param opensChanged opens whose stored row is another one now
 * @param closesAdded closes that were not stored before
 * @param closesChanged closes whose stored row is another one now
 * @param monthsWritten the months of which a partition was written
 * @param conflicts how many writes lost against another writer or had an unknown outcome, and were
 *     done again
 */
public record MergeReport(
    long opensAdded,
    long opensChanged,
    long closesAdded,
    long closesChanged,
    SortedSet<Month> monthsWritten,
    int conflicts) {}
