package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionOpen;

/** Finds the blocks that missing events must be in, among those that count as scanned. */
final class MissingBlocks {
  /** When the first and the last block of an unscanned stretch were. */
  private record Unscanned(long from, long until) {}

  /** Blocks this near are read in one go. */
  private static final long NEAR = 500;

  /** So few events are searched to the block. */
  static final int FEW = 20;

  /** With more of them, a search that goes on costs more than reading so many blocks at once. */
  private static final long NARROW_ENOUGH = 1_000;

  private final BlockFinder finder;
  private final BlockRange within;
  private final List<Unscanned> unscanned;
  private final SortedSet<BlockRange> found = new TreeSet<>();
  private long left;

  MissingBlocks(ContractReader contract, BlockRange within, Coverage coverage) {
    this.finder = new BlockFinder(contract);
    this.within = within;
    this.unscanned =
        coverage.gaps(within).stream()
            .map(gap -> new Unscanned(finder.time(gap.first()), finder.time(gap.last())))
            .toList();
  }

  void add(MissingRows missing) {
    SortedSet<Long> times = new TreeSet<>();
    add(missing.opens().values().stream().map(SessionState::openedAt).toList(), times);
    add(missing.closes().values().stream().map(SessionState::closedAt).toList(), times);
    found.addAll(finder.at(times, within, times.size() <= FEW ? 0 : NARROW_ENOUGH).values());
  }

  private void add(List<Long> events, SortedSet<Long> scanned) {
    for (long time : events) {
      if (unscanned.stream().anyMatch(gap -> gap.from() <= time && time <= gap.until())) {
        left++;
      } else {
        scanned.add(time);
      }
    }
  }

  /** The blocks to read again, in order; those near each other are one range. */
  List<BlockRange> ranges() {
    return joined(found);
  }

  /** The ranges in order, those near each other made one. */
  private static List<BlockRange> joined(SortedSet<BlockRange> ranges) {
    List<BlockRange> joined = new ArrayList<>();
    for (BlockRange range : ranges) {
      int last = joined.size() - 1;
      if (last >= 0 && range.first() - joined.get(last).last() <= NEAR) {
        BlockRange before = joined.get(last);
        joined.set(last, new BlockRange(before.first(), Math.max(before.last(), range.last())));
      } else {
        joined.add(range);
      }
    }
    return joined;
  }

  /** The time of the block before {@code range}, in Unix seconds; the search has mostly met it. */
  long timeBefore(BlockRange range) {
    return range.first() == 0 ? 0 : finder.time(range.first() - 1);
  }

  /** How many events lie in blocks that were never scanned, which is a backfill's business. */
  long leftToBackfill() {
    return left;
  }

  /**
   * The blocks of the proof's first gap within {@code within}; empty when it has none. Nonces rise
   * with blocks, so the missing open lies between the opens stored before and behind it.
   */
  static Optional<BlockRange> ofGap(Proof proof, RowArchive rows, BlockRange within) {
    if (proof.state().firstGap().isEmpty()) {
      return Optional.empty();
    }
    Gap search = new Gap(proof.proven() + proof.strays(), within.first(), within.last());
    for (Month month : rows.months(RowKind.OPENS)) {
      rows.forEachOpen(month, search::look);
    }
    return Optional.of(new BlockRange(search.first, Math.max(search.first, search.last)));
  }

  private static final class Gap {
    private final long missing;
    private long index;
    private long first;
    private long last;

    Gap(long missing, long first, long last) {
      this.missing = missing;
      this.first = first;
      this.last = last;
    }

    void look(OpenRow row) {
      if (row instanceof SessionOpen) {
        long block = row.position().block();
        if (index < missing) {
          first = Math.max(first, block);
        } else if (index == missing) {
          last = Math.min(last, block);
        }
        index++;
      }
    }
  }
}
