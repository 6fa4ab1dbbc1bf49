package org.mor.throughput.index;

import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.chain.BlockRange;

/** Which blocks a scheduled run scans. */
final class ScanPlan {
  private ScanPlan() {}

  /**
   * From the overlap before the cursor to the safe head, but at most the allowed number of new
   * blocks; without a cursor the newest blocks only. Empty when the safe head is not beyond the
   * cursor.
   */
  static Optional<BlockRange> incremental(
      OptionalLong cursorBlock, long safeHead, IndexSettings settings) {
    long floor = settings.startBlock().orElse(0);
    long max = settings.maxBlocksPerRun();
    long first =
        cursorBlock.isPresent()
            ? cursorBlock.getAsLong() + 1 - settings.overlapBlocks()
            : safeHead - max + 1;
    long last =
        cursorBlock.isPresent() ? Math.min(safeHead, cursorBlock.getAsLong() + max) : safeHead;
    boolean nothingNew =
        last < floor || (cursorBlock.isPresent() && last <= cursorBlock.getAsLong());
    return nothingNew
        ? Optional.empty()
        : Optional.of(new BlockRange(Math.min(Math.max(first, floor), last), last));
  }
}
