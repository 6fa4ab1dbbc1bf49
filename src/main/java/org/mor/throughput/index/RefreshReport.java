package org.mor.throughput.index;

import java.util.List;
import org.mor.throughput.session.Month;

/**
 * What a refresh did.
 *
 * @param legacy rows of the earlier indexer in the months
 * @param unsettled rows in the months whose paid amount may still grow
 * @param read rows that were read from the chain again
 * @param changed rows that were written anew; 0 in a dry run
 * @param unresolved rows whose event was not found, or that the chain puts into another month
 */
public record RefreshReport(
    List<Month> months,
    boolean dryRun,
    long legacy,
    long unsettled,
    long read,
    long changed,
    long unresolved) {
  public RefreshReport {
    months = List.copyOf(months);
  }

  static RefreshReport nothing(List<Month> months, boolean dryRun) {
    return new RefreshReport(months, dryRun, 0, 0, 0, 0, 0);
  }

  /** With the rows of one more month counted. */
  RefreshReport counting(long legacyRows, long unsettledRows) {
    return new RefreshReport(
        months, dryRun, legacy + legacyRows, unsettled + unsettledRows, read, changed, unresolved);
  }

  /** With what became of some more rows. */
  RefreshReport read(long readRows, long changedRows, long unresolvedRows) {
    return new RefreshReport(
        months,
        dryRun,
        legacy,
        unsettled,
        read + readRows,
        changed + changedRows,
        unresolved + unresolvedRows);
  }
}
