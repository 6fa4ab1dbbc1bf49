package org.mor.throughput.index;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.mor.throughput.chain.BlockRange;

/**
 * What a scan did.
 *
 * @param asked the blocks it was asked for
 * @param done the blocks it committed, from the first asked one on; empty when it committed none
 * @param opens SessionOpened events found
 * @param closes SessionClosed events found
 * @param rowsAdded rows that were not stored before
 * @param rowsChanged stored rows that were replaced by a later reading
 * @param conflicts how often another writer was in the way
 * @param facetChanges blocks in which the diamond was cut
 * @param suspects what became of stored rows that were not found again
 */
public record ScanReport(
    BlockRange asked,
    Optional<BlockRange> done,
    long opens,
    long closes,
    long rowsAdded,
    long rowsChanged,
    long conflicts,
    SortedSet<Long> facetChanges,
    SuspectReport suspects) {
  public ScanReport {
    facetChanges = Collections.unmodifiableSortedSet(new TreeSet<>(facetChanges));
  }

  static ScanReport nothingOf(BlockRange asked) {
    return new ScanReport(
        asked, Optional.empty(), 0, 0, 0, 0, 0, new TreeSet<>(), SuspectReport.NONE);
  }

  /** Whether blocks that were asked for are left over. */
  public boolean isPartial() {
    return done.isEmpty() || done.get().last() < asked.last();
  }

  /** This report with what a scan of other blocks did before it. */
  ScanReport after(ScanReport earlier) {
    SortedSet<Long> changes = new TreeSet<>(facetChanges);
    changes.addAll(earlier.facetChanges);
    return new ScanReport(
        asked,
        done,
        opens + earlier.opens,
        closes + earlier.closes,
        rowsAdded + earlier.rowsAdded,
        rowsChanged + earlier.rowsChanged,
        conflicts + earlier.conflicts,
        changes,
        suspects.plus(earlier.suspects));
  }

  /** This report and that of the range behind it. */
  ScanReport plus(ScanReport next) {
    SortedSet<Long> changes = new TreeSet<>(facetChanges);
    changes.addAll(next.facetChanges);
    BlockRange reached = next.done.orElse(next.asked);
    return new ScanReport(
        asked,
        Optional.of(new BlockRange(asked.first(), reached.last())),
        opens + next.opens,
        closes + next.closes,
        rowsAdded + next.rowsAdded,
        rowsChanged + next.rowsChanged,
        conflicts + next.conflicts,
        changes,
        suspects.plus(next.suspects));
  }

  /** The same with what became of more rows. */
  ScanReport with(SuspectReport more) {
    return new ScanReport(
        asked,
        done,
        opens,
        closes,
        rowsAdded,
        rowsChanged,
        conflicts,
        facetChanges,
        suspects.plus(more));
  }
}
