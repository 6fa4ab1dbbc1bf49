package org.mor.throughput.index;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader;

/** Finds blocks by their time, by asking for headers: no block time is ever assumed. */
final class BlockFinder {
  /** Headers that are asked for together, where one search alone would have less to ask. */
  private static final int AT_ONCE = 100;

  /** The most blocks that one search asks for in one go: more would cost more than they save. */
  private static final int MOST_PARTS = 3;

  private final ChainReader chain;
  private final Map<Long, Long> times = new HashMap<>();

  BlockFinder(ChainReader chain) {
    this.chain = chain;
  }

  /**
   * The blocks of {@code within} whose time is {@code unixSeconds}; where there is none, the one
   * block that stands where they would.
   */
  BlockRange at(long unixSeconds, BlockRange within) {
    long first = firstFrom(unixSeconds, within);
    long behind = firstFrom(unixSeconds + 1, within);
    boolean none = behind == within.last() && time(behind) <= unixSeconds;
    return new BlockRange(first, Math.max(first, none ? behind : behind - 1));
  }

  /**
   * The same for many times at once: all searches share their headers, and take a few exchanges
   * together instead of some thirty each.
   *
   * @param slack how many blocks more than needed a range may have on either side
   */
  Map<Long, BlockRange> at(Collection<Long> unixSeconds, BlockRange within, long slack) {
    SortedSet<Long> edges = new TreeSet<>();
    for (long time : unixSeconds) {
      edges.add(time);
      edges.add(time + 1);
    }
    // The block behind the last one stands for "none".
    BlockRange anywhere = new BlockRange(within.first(), within.last() + 1);
    Map<Long, BlockRange> narrowed = new TreeMap<>();
    edges.forEach(edge -> narrowed.put(edge, anywhere));
    SortedSet<Long> asked = probes(narrowed, slack);
    // Where times do not rise with blocks there is nothing new to ask: ranges stay as they are.
    while (!times.keySet().containsAll(asked)) {
      asked.removeAll(times.keySet());
      chain.headers(asked).forEach((number, header) -> times.put(number, header.timestamp()));
      narrow(narrowed);
      asked = probes(narrowed, slack);
    }
    Map<Long, BlockRange> found = new HashMap<>();
    for (long time : unixSeconds) {
      long first = Math.min(within.last(), narrowed.getOrDefault(time, anywhere).first());
      long behind = narrowed.getOrDefault(time + 1, anywhere).last();
      found.put(time, new BlockRange(first, Math.max(first, behind - 1)));
    }
    return found;
  }

  /** Blocks that part each range which is too wide still into equal parts. */
  private static SortedSet<Long> probes(Map<Long, BlockRange> narrowed, long slack) {
    SortedSet<Long> probes = new TreeSet<>();
    long wide = narrowed.values().stream().filter(range -> range.size() - 1 > slack).count();
    long parts = wide == 0 ? 0 : Math.max(1, Math.min(MOST_PARTS, AT_ONCE / wide));
    for (BlockRange range : narrowed.values()) {
      long width = range.size() - 1;
      for (long i = 1; i <= parts && width > slack; i++) {
        probes.add(range.first() + width * i / (parts + 1));
      }
    }
    return probes;
  }

  /** Where the first block from each edge on can be, by the times that are known. */
  private void narrow(Map<Long, BlockRange> narrowed) {
    TreeMap<Long, long[]> known = new TreeMap<>();
    times.forEach(
        (block, time) ->
            known.merge(
                time,
                new long[] {block, block},
                (a, b) -> new long[] {Math.min(a[0], b[0]), Math.max(a[1], b[1])}));
    narrowed.replaceAll(
        (edge, range) -> {
          Map.Entry<Long, long[]> before = known.lowerEntry(edge);
          Map.Entry<Long, long[]> from = known.ceilingEntry(edge);
          long first =
              before == null ? range.first() : Math.max(range.first(), before.getValue()[1] + 1);
          long last = from == null ? range.last() : Math.min(range.last(), from.getValue()[0]);
          return new BlockRange(Math.min(first, last), last);
        });
  }

  /** The first block of the range that is not before {@code unixSeconds}; else the last one. */
  private long firstFrom(long unixSeconds, BlockRange within) {
    long low = within.first();
    long high = within.last();
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (time(middle) < unixSeconds) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** When a block that is known to exist was, in Unix seconds; asked for once. */
  long time(long block) {
    return times.computeIfAbsent(block, number -> header(chain, number).timestamp());
  }

  /** The header of a block that is known to exist. */
  static BlockHeader header(ChainReader chain, long number) {
    return chain
        .header(number)
        .orElseThrow(
            () ->
                new ChainUnavailableException(
                    "The node has no block %d although the safe head is beyond it: it lags behind. Run again, or use another endpoint."
                        .formatted(number)));
  }
}
