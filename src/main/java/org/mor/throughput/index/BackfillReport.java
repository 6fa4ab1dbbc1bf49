package org.mor.throughput.index;

import java.util.List;
import java.util.Optional;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.proof.ProofRecord;

/**
 * What a backfill did: a report for each range it scanned, and the cursor afterwards.
 *
 * @param isPartial whether blocks are left for want of time
 * @param suspects what became of stored rows that were not found again
 * @param proof what is proven afterwards; empty while there is no cursor
 * @param rewound what the run went back by first, because the chain was reorganised; empty where it
 *     was not
 */
public record BackfillReport(
    BackfillPlan plan,
    List<ScanReport> scans,
    boolean isPartial,
    Optional<Cursor> cursor,
    SuspectReport suspects,
    Optional<ProofRecord> proof,
    Optional<Rewind.Done> rewound) {
  public BackfillReport {
    scans = List.copyOf(scans);
  }

  public long opens() {
    return scans.stream().mapToLong(ScanReport::opens).sum();
  }

  public long closes() {
    return scans.stream().mapToLong(ScanReport::closes).sum();
  }

  public long rowsAdded() {
    return scans.stream().mapToLong(ScanReport::rowsAdded).sum();
  }
}
