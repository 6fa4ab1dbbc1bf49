package org.mor.throughput.index;

import java.util.List;
import org.mor.throughput.chain.BlockRange;

/**
 * What a backfill will scan.
 *
 * @param asked the whole request, cut at the safe head
 * @param ranges what of it is left to scan, in order
 */
public record BackfillPlan(BlockRange asked, List<BlockRange> ranges, Heads heads) {
  public BackfillPlan {
    ranges = List.copyOf(ranges);
  }

  /** How many blocks are left to scan. */
  public long blocks() {
    return ranges.stream().mapToLong(BlockRange::size).sum();
  }
}
