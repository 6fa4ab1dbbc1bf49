package org.mor.throughput.index;

import java.util.Optional;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockRange;

/**
 * What a scheduled scan did.
 *
 * @param historyNeedsBackfill whether there was no cursor and the run did not start at the start
 *     block, so that blocks before the planned range are left to a backfill
 * @param planned the blocks there were to scan; empty when nothing is new
 * @param scan what was scanned; empty when nothing was
 * @param cursor the cursor afterwards
 * @param suspects what became of stored rows that were not found again, in this run or before
 * @param rewound what the run went back by first, because the chain was reorganised; empty where it
 *     was not
 */
public record IncrementalReport(
    Heads heads,
    boolean historyNeedsBackfill,
    Optional<BlockRange> planned,
    Optional<ScanReport> scan,
    Optional<Cursor> cursor,
    SuspectReport suspects,
    Optional<Rewind.Done> rewound) {

  /** Whether the run stopped early for want of time. */
  public boolean isPartial() {
    return planned.isPresent() && scan.map(ScanReport::isPartial).orElse(true);
  }

  /** How many blocks the cursor is behind the newest block; empty without a cursor. */
  public Optional<Long> lagBlocks() {
    return cursor.map(stored -> Math.max(0, heads.latest().number() - stored.lastBlock()));
  }
}
