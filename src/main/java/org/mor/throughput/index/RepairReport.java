package org.mor.throughput.index;

import java.util.List;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.proof.Proof;

/**
 * What a repair found and did.
 *
 * @param dryRun whether nothing was read again and nothing written
 * @param before the proof from the rows as they were found
 * @param missingOpens sessions without an open that the contract's lists name
 * @param missingCloses sessions that are closed on chain without a close, those without an event
 *     not among them
 * @param blocks the blocks that were read again, or would be
 * @param unscanned missing events in blocks that were never scanned: left to {@code backfill
 *     --gaps}
 * @param rowsAdded rows that are stored now and were not
 * @param opensStillMissing how many opens the contract counts beyond those stored
 * @param closesStillMissing closes with an event that was not found
 * @param closedWithoutEvent sessions that were settled without a SessionClosed; no row is made up
 * @param after the proof as it is now
 */
public record RepairReport(
    boolean dryRun,
    Proof before,
    long missingOpens,
    long missingCloses,
    List<BlockRange> blocks,
    long unscanned,
    long rowsAdded,
    long opensStillMissing,
    List<Hash32> closesStillMissing,
    List<Hash32> closedWithoutEvent,
    Proof after) {
  public RepairReport {
    blocks = List.copyOf(blocks);
    closesStillMissing = List.copyOf(closesStillMissing);
    closedWithoutEvent = List.copyOf(closedWithoutEvent);
  }

  /** Whether anything is known to be missing still. */
  public boolean remains() {
    return opensStillMissing > 0
        || !closesStillMissing.isEmpty()
        || unscanned > 0
        || after.state().firstGap().isPresent();
  }
}
