package org.mor.throughput.index;

import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RowArchive.MergeReport;
import org.mor.throughput.archive.RunRecord.CursorBlock;
import org.mor.throughput.archive.RunRecord.Work;
import org.mor.throughput.chain.BlockRange;

/**
 * Counts what a run writes while it writes it, so that a run that fails can say what it had done.
 * Safe for use by several threads.
 */
public final class RunTally {
  private Work work = Work.NONE;

  /** What was written so far. */
  public synchronized Work work() {
    return work;
  }

  synchronized void committed(BlockRange range) {
    BlockRange all =
        work.blocks()
            .map(
                known ->
                    new BlockRange(
                        Math.min(known.first(), range.first()),
                        Math.max(known.last(), range.last())))
            .orElse(range);
    work = new Work(Optional.of(all), work.cursor(), work.opens(), work.closes(), work.documents());
  }

  synchronized MergeReport merged(MergeReport rows) {
    work =
        new Work(
            work.blocks(),
            work.cursor(),
            work.opens().plus(rows.opensAdded(), rows.opensChanged()),
            work.closes().plus(rows.closesAdded(), rows.closesChanged()),
            work.documents());
    return rows;
  }

  synchronized void published(int documents) {
    work =
        new Work(
            work.blocks(),
            work.cursor(),
            work.opens(),
            work.closes(),
            work.documents() + documents);
  }

  synchronized void standsAt(Cursor cursor) {
    CursorBlock at = new CursorBlock(OptionalLong.of(cursor.lastBlock()), cursor.lastBlockTime());
    work = new Work(work.blocks(), at, work.opens(), work.closes(), work.documents());
  }
}
