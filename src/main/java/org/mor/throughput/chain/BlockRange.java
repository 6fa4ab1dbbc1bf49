package org.mor.throughput.chain;

import java.io.Serializable;
import java.util.Optional;

/** Blocks from {@code first} to {@code last}, both included; never empty. */
public record BlockRange(long first, long last) implements Comparable<BlockRange>, Serializable {
  public BlockRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("Empty block range: " + first + ".." + last);
    }
  }

  public long size() {
    return last - first + 1;
  }

  public boolean contains(long block) {
    return first <= block && block <= last;
  }

  public boolean overlaps(BlockRange other) {
    return first <= other.last && other.first <= last;
  }

  /** The first {@code blocks} blocks, or the whole range when it has no more. */
  public BlockRange head(long blocks) {
    if (blocks < 1) {
      throw new IllegalArgumentException("A range needs at least one block, not " + blocks);
    }
    return size() <= blocks ? this : new BlockRange(first, first + blocks - 1);
  }

  /** What is left behind {@code block}, or nothing when the range ends there or before. */
  public Optional<BlockRange> after(long block) {
    return block >= last
        ? Optional.empty()
        : Optional.of(new BlockRange(Math.max(first, block + 1), last));
  }

  /** By first block, then by last. */
  @Override
  public int compareTo(BlockRange other) {
    int byFirst = Long.compare(first, other.first);
    return byFirst != 0 ? byFirst : Long.compare(last, other.last);
  }

  @Override
  public String toString() {
    return first + ".." + last;
  }
}
