package org.mor.throughput.index;

import java.util.List;
import org.mor.throughput.session.Month;

/**
 * What a refresh did.
 *
 * @param legacy rows of the earlier indexer in the months that were looked into
 * @param unsettled rows in those months whose paid amount may still grow
 * @param read rows that were read from the chain again
 * @param changed rows that were written anew; 0 in a dry run
 * @param unresolved rows whose event was not found, or that the chain puts into another month
 * @param conflicts how often another writer of a partition was in the way, or a write's outcome was
 *     unknown
 * @param isCutShort whether rows within the limit were left over for want of time
 */
public record RefreshReport(
    List<Month> months,
    boolean dryRun,
    long legacy,
    long unsettled,
    long read,
    long changed,
    long unresolved,
    long conflicts,
    boolean isCutShort) {
  public RefreshReport {
    months = List.copyOf(months);
  }

  static RefreshReport nothing(List<Month> months, boolean dryRun) {
    return new RefreshReport(months, dryRun, 0, 0, 0, 0, 0, 0, false);
  }

  /** With the rows of one more month counted. */
  RefreshReport counting(long legacyRows, long unsettledRows) {
    return new RefreshReport(
        months,
        dryRun,
        legacy + legacyRows,
        unsettled + unsettledRows,
        read,
        changed,
        unresolved,
        conflicts,
        isCutShort);
  }

  /** With what became of some more rows. */
  RefreshReport plus(long readRows, long changedRows, long unresolvedRows, long moreConflicts) {
    return new RefreshReport(
        months,
        dryRun,
        legacy,
        unsettled,
        read + readRows,
        changed + changedRows,
        unresolved + unresolvedRows,
        conflicts + moreConflicts,
        isCutShort);
  }

  /** The same, but with rows left over for want of time. */
  RefreshReport cutShort() {
    return new RefreshReport(
        months, dryRun, legacy, unsettled, read, changed, unresolved, conflicts, true);
  }
}
