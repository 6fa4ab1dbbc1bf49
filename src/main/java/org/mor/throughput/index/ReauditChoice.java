package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.chain.BlockRange;

/** Picks old blocks to scan once more: every covered block gets its turn over many runs. */
final class ReauditChoice {
  private ReauditChoice() {}

  /**
   * Up to {@code size} covered blocks in a row within {@code among}, the same ones for the same
   * seed; empty when none of them is covered.
   */
  static Optional<BlockRange> pick(Coverage coverage, BlockRange among, long size, String seed) {
    List<BlockRange> old = within(coverage, among);
    long blocks = old.stream().mapToLong(BlockRange::size).sum();
    if (blocks == 0) {
      return Optional.empty();
    }
    long skip = Turn.of(seed, blocks);
    for (BlockRange range : old) {
      if (skip < range.size()) {
        long latestStart = Math.max(range.first(), range.last() - size + 1);
        // Around the picked block, so that an interval's first and last blocks get their turn too.
        long first = Math.max(range.first(), range.first() + skip - size / 2);
        first = Math.min(first, latestStart);
        return Optional.of(new BlockRange(first, range.last()).head(size));
      }
      skip -= range.size();
    }
    throw new IllegalStateException("Block " + skip + " of " + blocks);
  }

  private static List<BlockRange> within(Coverage coverage, BlockRange among) {
    List<BlockRange> cut = new ArrayList<>();
    for (BlockRange range : coverage.ranges()) {
      if (range.overlaps(among)) {
        cut.add(
            new BlockRange(
                Math.max(range.first(), among.first()), Math.min(range.last(), among.last())));
      }
    }
    return cut;
  }
}
