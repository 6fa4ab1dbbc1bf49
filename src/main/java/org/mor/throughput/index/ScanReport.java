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
    return with(earlier, done);
  }

  /** This report and that of the range behind it. */
  ScanReport plus(ScanReport next) {
    long reached = next.done.orElse(next.asked).last();
    return with(next, Optional.of(new BlockRange(asked.first(), reached)));
  }

  private ScanReport with(ScanReport other, Optional<BlockRange> reached) {
    SortedSet<Long> changes = new TreeSet<>(facetChanges);
    changes.addAll(other.facetChanges);
    return new ScanReport(
        asked,
        reached,
        opens + other.opens,
        closes + other.closes,
        rowsAdded + other.rowsAdded,
        rowsChanged + other.rowsChanged,
        conflicts + other.conflicts,
        changes,
        suspects.plus(other.suspects));
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
