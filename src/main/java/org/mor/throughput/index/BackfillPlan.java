package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.chain.BlockRange;

/**
 * What a backfill will scan.
 *
 * @param asked the whole request, cut at the safe head
 * @param ranges what of it is left to scan, in order
 * @param scanned what counted as scanned when this was planned
 */
public record BackfillPlan(
    BlockRange asked, List<BlockRange> ranges, Heads heads, Coverage scanned) {
  public BackfillPlan {
    ranges = List.copyOf(ranges);
  }

  /** The same with what a rewind has added to it; {@code now} counts as scanned since. */
  BackfillPlan after(Coverage now) {
    List<BlockRange> all = new ArrayList<>(ranges);
    all.addAll(now.gaps(asked));
    return new BackfillPlan(asked, Coverage.of(all).ranges(), heads, now);
  }

  /** How many blocks are left to scan. */
  public long blocks() {
    return ranges.stream().mapToLong(BlockRange::size).sum();
  }
}
