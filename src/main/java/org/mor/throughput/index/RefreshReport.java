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

  RefreshReport counting(long legacyRows, long unsettledRows) {
    return new RefreshReport(months, dryRun, legacyRows, unsettledRows, read, changed, unresolved);
  }

  RefreshReport read(long readRows, long changedRows, long unresolvedRows) {
    return new RefreshReport(
        months, dryRun, legacy, unsettled, readRows, changedRows, unresolvedRows);
  }

  RefreshReport plus(RefreshReport other) {
    return new RefreshReport(
        months,
        dryRun,
        legacy + other.legacy,
        unsettled + other.unsettled,
        read + other.read,
        changed + other.changed,
        unresolved + other.unresolved);
  }
}
