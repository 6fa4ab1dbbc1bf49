package org.mor.throughput.archive;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;

/**
 * The blocks that are scanned. Immutable.
 *
 * @param ranges in rising order, no two of which touch
 * @param generation how often the store had been rewound when this was written
 * @param kept blocks that commits ended with, in order; the oldest are thinned out
 */
public record Coverage(List<BlockRange> ranges, int generation, List<KeptBlock> kept) {
  public static final Coverage NONE = new Coverage(List.of());

  public Coverage {
    ranges = List.copyOf(ranges);
    kept = List.copyOf(kept);
    if (generation < 0) {
      throw new IllegalArgumentException("Coverage of generation " + generation);
    }
    for (int i = 1; i < kept.size(); i++) {
      if (kept.get(i).compareTo(kept.get(i - 1)) <= 0) {
        throw new IllegalArgumentException(
            "Kept blocks are out of order: %s, %s".formatted(kept.get(i - 1), kept.get(i)));
      }
    }
    for (int i = 1; i < ranges.size(); i++) {
      if (ranges.get(i).first() <= ranges.get(i - 1).last() + 1) {
        throw new IllegalArgumentException(
            "Coverage is out of order or not joined: %s, %s"
                .formatted(ranges.get(i - 1), ranges.get(i)));
      }
    }
  }

  /** The coverage of a store that was never rewound, without any kept block. */
  public Coverage(List<BlockRange> ranges) {
    this(ranges, 0, List.of());
  }

  /** The coverage of ranges in any order, which may overlap. */
  public static Coverage of(Collection<BlockRange> ranges) {
    return new Coverage(joined(ranges));
  }

  private static List<BlockRange> joined(Collection<BlockRange> ranges) {
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
    return joined;
  }

  public Coverage union(BlockRange range) {
    return union(new Coverage(List.of(range)));
  }

  /** What either says, in the generation of this one. */
  public Coverage union(Coverage other) {
    List<BlockRange> all = new ArrayList<>(ranges);
    all.addAll(other.ranges);
    List<BlockRange> joined = joined(all);
    return new Coverage(
        joined,
        generation,
        KeptBlock.thinned(
            KeptBlock.union(kept, other.kept),
            block -> joined.stream().anyMatch(range -> range.last() == block)));
  }

  /** The same, and these blocks kept besides. */
  public Coverage keeping(List<KeptBlock> blocks) {
    return blocks.isEmpty() ? this : union(new Coverage(List.of(), generation, blocks));
  }

  /** The scanned range that a block is in; empty where the block is not scanned. */
  public Optional<BlockRange> around(long block) {
    return ranges.stream().filter(range -> range.contains(block)).findFirst();
  }

  /** The lowest block of which two hashes are kept: it was scanned on two chains. */
  public OptionalLong contradiction() {
    return IntStream.range(1, kept.size())
        .filter(i -> kept.get(i).number() == kept.get(i - 1).number())
        .mapToLong(i -> kept.get(i).number())
        .findFirst();
  }

  /** What is left after a rewind: nothing of later blocks than {@code block}. */
  Coverage rewound(int next, long block) {
    List<BlockRange> left = new ArrayList<>();
    for (BlockRange range : ranges) {
      if (range.first() <= block) {
        left.add(new BlockRange(range.first(), Math.min(block, range.last())));
      }
    }
    return new Coverage(
        left, next, kept.stream().filter(known -> known.number() <= block).toList());
  }

  /**
   * What may be believed beside a cursor: of an older generation nothing of later blocks than the
   * store was rewound to since.
   */
  public Coverage in(Cursor cursor) {
    return generation >= cursor.generation()
        ? this
        : rewound(cursor.generation(), cursor.rewoundSince(generation).orElseThrow());
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

  /**
   * The last block of a commit as it was then. A chain that has another block of that number was
   * reorganised since, or is another chain.
   *
   * @param host of the endpoint that gave the header; empty where it is not known
   */
  public record KeptBlock(BlockHeader header, String host) implements Comparable<KeptBlock> {
    /** As many as scheduled runs commit in two weeks, 96 a day, and some to spare. */
    static final int NEWEST = 1_400;

    /** Older ones are thinned out to so many. */
    static final int OLDER = 600;

    /** Longer names do not exist. */
    static final int MAX_HOST = 253;

    private static final Comparator<KeptBlock> ORDER =
        Comparator.comparingLong(KeptBlock::number)
            .thenComparing(kept -> kept.header().hash())
            .thenComparingLong(kept -> kept.header().timestamp())
            .thenComparing(KeptBlock::host);

    public KeptBlock {
      if (host.length() > MAX_HOST) {
        throw new IllegalArgumentException("A host of %d characters".formatted(host.length()));
      }
    }

    public long number() {
      return header.number();
    }

    private boolean isSameBlock(KeptBlock other) {
      return number() == other.number() && header.hash().equals(other.header.hash());
    }

    /** By number, hash, time and host. */
    @Override
    public int compareTo(KeptBlock other) {
      return ORDER.compare(this, other);
    }

    /**
     * All blocks of both lists in order; of readings of one block with one hash the greatest stays.
     * Two hashes of one block both stay: the chain can have one of them at most.
     */
    static List<KeptBlock> union(Collection<KeptBlock> one, Collection<KeptBlock> other) {
      TreeSet<KeptBlock> all = new TreeSet<>(one);
      all.addAll(other);
      List<KeptBlock> union = new ArrayList<>();
      for (KeptBlock next : all) {
        int last = union.size() - 1;
        if (last >= 0 && union.get(last).isSameBlock(next)) {
          union.set(last, next);
        } else {
          union.add(next);
        }
      }
      return union;
    }

    /**
     * The list without some of the oldest where it is too long: every second of them goes, those
     * last that {@code isEnd} says end a scanned range.
     */
    static List<KeptBlock> thinned(List<KeptBlock> blocks, LongPredicate isEnd) {
      if (blocks.size() <= NEWEST + OLDER) {
        return blocks;
      }
      int newest = blocks.size() - NEWEST;
      List<KeptBlock> older = halved(blocks.subList(0, newest), isEnd);
      while (older.size() > OLDER) {
        List<KeptBlock> fewer = halved(older, isEnd);
        older = fewer.size() < older.size() ? fewer : halved(older, block -> false);
      }
      List<KeptBlock> all = new ArrayList<>(older);
      all.addAll(blocks.subList(newest, blocks.size()));
      return all;
    }

    /** Without every second of those that may go. */
    private static List<KeptBlock> halved(List<KeptBlock> blocks, LongPredicate isEnd) {
      List<KeptBlock> stay = new ArrayList<>();
      boolean goes = false;
      for (KeptBlock block : blocks) {
        goes = !isEnd.test(block.number()) && !goes;
        if (!goes) {
          stay.add(block);
        }
      }
      return stay;
    }
  }
}
