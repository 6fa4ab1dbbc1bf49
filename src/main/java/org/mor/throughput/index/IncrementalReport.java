package org.mor.throughput.index;

import java.util.Optional;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockRange;

/**
 * What a scheduled scan did.
 *
 * @param historyNeedsBackfill whether there was no cursor, so that everything before the scanned
 *     range is left to a backfill
 * @param planned the blocks there were to scan; empty when nothing is new
 * @param scan what was scanned; empty when nothing was
 * @param cursor the cursor afterwards
 * @param rewound what the run went back by first, because the chain was reorganised; empty where it
 *     was not
 */
public record IncrementalReport(
    Heads heads,
    boolean historyNeedsBackfill,
    Optional<BlockRange> planned,
    Optional<ScanReport> scan,
    Optional<Cursor> cursor,
    Optional<Rewind.Done> rewound) {

  /** Whether the run stopped early for want of time. */
  public boolean isPartial() {
    return planned.isPresent() && scan.map(ScanReport::isPartial).orElse(true);
  }

  /** How many blocks the cursor is behind the newest block. */
  public long lagBlocks() {
    return cursor
        .map(stored -> Math.max(0, heads.latest().number() - stored.lastBlock()))
        .orElse(heads.latest().number());
  }
}
