package org.mor.throughput.index;

import java.util.List;
import java.util.Optional;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.proof.ProofRecord;

/**
 * What a backfill did: a report for each range it scanned, and the cursor afterwards.
 *
 * @param suspects what became of stored rows that were not found again
 * @param proof what is proven afterwards; empty while there is no cursor
 */
public record BackfillReport(
    BackfillPlan plan,
    List<ScanReport> scans,
    Optional<Cursor> cursor,
    SuspectReport suspects,
    Optional<ProofRecord> proof) {
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

  public boolean isPartial() {
    return scans.size() < plan.ranges().size() || scans.stream().anyMatch(ScanReport::isPartial);
  }
}
