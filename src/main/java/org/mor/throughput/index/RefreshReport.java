package org.mor.throughput.index;

import java.util.List;
import java.util.stream.Stream;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.Month;

/**
 * What a refresh did.
 *
 * @param legacy rows of the earlier indexer in the months that were looked into
 * @param unsettled rows in those months whose paid amount may still grow
 * @param read rows that were read from the chain again
 * @param changed rows that were written anew; 0 in a dry run
 * @param unresolved rows that were tried and stay as they are
 * @param named the first of the unresolved rows, at most {@value #MOST_NAMED}
 * @param conflicts how often another writer of a partition was in the way, or a write's outcome was
 *     unknown
 * @param suspects what became of rows that the contract's state contradicts
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
    List<Unresolved> named,
    long conflicts,
    SuspectReport suspects,
    boolean isCutShort) {
  /** A stranger may make many: more of them would only fill the log. */
  static final int MOST_NAMED = 10;

  /**
   * A row that stays as it is.
   *
   * @param why for people
   */
  public record Unresolved(Hash32 sessionId, Month month, String why) {}

  public RefreshReport {
    months = List.copyOf(months);
    named = named.stream().limit(MOST_NAMED).toList();
  }

  static RefreshReport nothing(List<Month> months, boolean dryRun) {
    return new RefreshReport(
        months, dryRun, 0, 0, 0, 0, 0, List.of(), 0, SuspectReport.NONE, false);
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
        named,
        conflicts,
        suspects,
        isCutShort);
  }

  /** With what became of some more rows. */
  RefreshReport plus(long readRows, long changedRows, List<Unresolved> stayed, long moreConflicts) {
    return new RefreshReport(
        months,
        dryRun,
        legacy,
        unsettled,
        read + readRows,
        changed + changedRows,
        unresolved + stayed.size(),
        Stream.concat(named.stream(), stayed.stream()).toList(),
        conflicts + moreConflicts,
        suspects,
        isCutShort);
  }

  /** With what became of some more rows that are doubted. */
  RefreshReport with(SuspectReport found) {
    return new RefreshReport(
        months,
        dryRun,
        legacy,
        unsettled,
        read,
        changed,
        unresolved,
        named,
        conflicts,
        suspects.plus(found),
        isCutShort);
  }

  /** The same, but with rows left over for want of time. */
  RefreshReport cutShort() {
    return new RefreshReport(
        months,
        dryRun,
        legacy,
        unsettled,
        read,
        changed,
        unresolved,
        named,
        conflicts,
        suspects,
        true);
  }
}
