package org.mor.throughput.archive;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.mor.throughput.chain.BlockHeader;

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
   * The list without some of the oldest where it is too long: every second of them goes, those last
   * that {@code isEnd} says end a scanned range.
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
