package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.contract.SessionEvent.Kind;
import org.mor.throughput.session.CloseRow;

/** Finds the SessionClosed events of rows that do not say exactly where they stand. */
final class EventFinder {
  /** Blocks this near are read in one go. */
  private static final long NEAR = 500;

  private final EventReader events;
  private final BlockFinder blocks;

  EventFinder(ChainReader chain, EventReader events) {
    this.events = events;
    this.blocks = new BlockFinder(chain);
  }

  /** The close events of the rows that have one where the row says, or at its close time. */
  Map<Hash32, SessionEvent> closesOf(Collection<? extends CloseRow> rows, BlockRange within) {
    SortedSet<BlockRange> places = new TreeSet<>();
    Map<Hash32, SessionEvent> wanted = new HashMap<>();
    for (CloseRow row : rows) {
      long block = row.position().block();
      places.add(
          block > 0 && within.contains(block)
              ? new BlockRange(block, block)
              : blocks.at(row.closedAt(), within));
    }
    for (BlockRange range : joined(places)) {
      read(range, wanted);
    }
    return wanted;
  }

  private void read(BlockRange range, Map<Hash32, SessionEvent> into) {
    Optional<BlockRange> rest = Optional.of(range);
    while (rest.isPresent()) {
      EventReader.Slice slice = events.first(rest.get());
      for (SessionEvent event : slice.events()) {
        if (event.kind() == Kind.CLOSED) {
          into.put(event.sessionId(), event);
        }
      }
      rest = rest.get().after(slice.range().last());
    }
  }

  /** The ranges in order, those near each other made one. */
  static List<BlockRange> joined(SortedSet<BlockRange> ranges) {
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
}
