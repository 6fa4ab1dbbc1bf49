package org.mor.throughput.index;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.contract.SessionEvent.Kind;
import org.mor.throughput.session.CloseRow;

/**
 * Finds the SessionClosed events of rows that do not say exactly where they stand, one row after
 * the other: a row may take some thirty questions to the chain, one at a time.
 */
final class EventFinder {
  /** So many blocks behind a row are asked for with it, of which an answer gives what it may. */
  private static final long AHEAD = 2_000;

  private final EventReader events;
  private final BlockFinder blocks;
  private final BlockRange within;
  private final Map<Hash32, SessionEvent> found = new HashMap<>();
  private Optional<BlockRange> read = Optional.empty();

  EventFinder(ContractReader contract, BlockRange within) {
    this.events = contract.events();
    this.blocks = new BlockFinder(contract);
    this.within = within;
  }

  /** The close events that were met with, those of other sessions included. */
  Map<Hash32, SessionEvent> found() {
    return found;
  }

  /** Whether it takes a search by time to know the row's block. */
  static boolean isSearched(CloseRow row) {
    return row.position().block() <= 0;
  }

  /**
   * Looks for the row's close event where the row says, or at its close time. Rows in order of time
   * share answers.
   */
  void look(CloseRow row) {
    if (found.containsKey(row.sessionId())) {
      return;
    }
    long block = row.position().block();
    BlockRange place =
        !isSearched(row) && within.contains(block)
            ? new BlockRange(block, block)
            : blocks.at(row.closedAt(), within);
    boolean known =
        read.filter(range -> range.first() <= place.first() && range.last() >= place.last())
            .isPresent();
    if (!known) {
      read(place);
    }
  }

  private void read(BlockRange place) {
    long ahead = Math.min(place.last() + AHEAD, within.last());
    Optional<BlockRange> rest = Optional.of(new BlockRange(place.first(), ahead));
    long last = -1;
    while (rest.isPresent() && last < place.last()) {
      EventReader.Slice slice = events.first(rest.get());
      for (SessionEvent event : slice.events()) {
        if (event.kind() == Kind.CLOSED) {
          found.put(event.sessionId(), event);
        }
      }
      last = slice.range().last();
      rest = rest.get().after(last);
    }
    read = Optional.of(new BlockRange(place.first(), last));
  }
}
