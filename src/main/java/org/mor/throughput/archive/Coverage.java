package org.mor.throughput.archive;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.mor.throughput.chain.BlockRange;

/** The blocks that are scanned: ranges in rising order, no two of which touch. Immutable. */
public record Coverage(List<BlockRange> ranges) {
  public static final Coverage NONE = new Coverage(List.of());

  public Coverage {
    ranges = List.copyOf(ranges);
    for (int i = 1; i < ranges.size(); i++) {
      if (ranges.get(i).first() <= ranges.get(i - 1).last() + 1) {
        throw new IllegalArgumentException(
            "Coverage is out of order or not joined: %s, %s"
                .formatted(ranges.get(i - 1), ranges.get(i)));
      }
    }
  }

  /** The coverage of ranges in any order, which may overlap. */
  public static Coverage of(Collection<BlockRange> ranges) {
    List<BlockRange> joined = new ArrayList<>();
    for (BlockRange next : ranges.stream().sorted().toList()) {
      int end = joined.size() - 1;
      if (end >= 0 && next.first() <= joined.get(end).last() + 1) {
        BlockRange before = joined.get(end);
        joined.set(end, new BlockRange(before.first(), Math.max(before.last(), next.last())));
      } else {
        joined.add(next);
      }
    }
    return new Coverage(joined);
  }

  public Coverage union(BlockRange range) {
    List<BlockRange> all = new ArrayList<>(ranges);
    all.add(range);
    return of(all);
  }

  public Coverage union(Coverage other) {
    List<BlockRange> all = new ArrayList<>(ranges);
    all.addAll(other.ranges);
    return of(all);
  }

  /** Whether every block of the range is scanned. */
  public boolean covers(BlockRange range) {
    return ranges.stream()
        .anyMatch(known -> known.contains(range.first()) && known.contains(range.last()));
  }

  /** The blocks of {@code within} that are not scanned, in rising order. */
  public List<BlockRange> gaps(BlockRange within) {
    List<BlockRange> gaps = new ArrayList<>();
    long next = within.first();
    for (BlockRange known : ranges) {
      if (known.overlaps(within)) {
        if (known.first() > next) {
          gaps.add(new BlockRange(next, known.first() - 1));
        }
        next = known.last() + 1;
      }
    }
    if (next <= within.last()) {
      gaps.add(new BlockRange(next, within.last()));
    }
    return List.copyOf(gaps);
  }
}
