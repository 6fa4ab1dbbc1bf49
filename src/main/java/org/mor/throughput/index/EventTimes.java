package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.LogPosition;

/**
 * Compares the places where events are said to be with the times the contract's state gives for
 * them, which are those of the events' blocks. An event that a node invents, or moves to another
 * part of the chain, does not fit in.
 */
final class EventTimes {
  private record Event(LogPosition position, long time, String session) {}

  private EventTimes() {}

  /**
   * Checks rows of one range.
   *
   * @param timeBefore the time of the block before the range, in Unix seconds
   * @param end the range's last block
   * @throws ChainContradictionException naming the first row that does not fit
   */
  static void check(EnrichedRows rows, long timeBefore, BlockHeader end) {
    Event before = new Event(new LogPosition(0, 0), timeBefore, "");
    for (Event event : inOrder(rows)) {
      boolean sameBlock = event.position().block() == before.position().block();
      boolean last = event.position().block() == end.number();
      if (event.time() < before.time()
          || event.time() > end.timestamp()
          || (sameBlock && event.time() != before.time())
          || (last && event.time() != end.timestamp())) {
        throw misplaced(event, before.time(), end);
      }
      before = event;
    }
  }

  private static List<Event> inOrder(EnrichedRows rows) {
    List<Event> events = new ArrayList<>();
    rows.opens()
        .forEach(o -> events.add(new Event(o.position(), o.openedAt(), o.sessionId().toHex())));
    rows.closes()
        .forEach(c -> events.add(new Event(c.position(), c.closedAt(), c.sessionId().toHex())));
    events.sort(Comparator.comparing(Event::position));
    return events;
  }

  private static ChainContradictionException misplaced(Event event, long after, BlockHeader end) {
    return new ChainContradictionException(
        "An event of session %s is said to be in block %d, but the contract's state dates it at %d (Unix seconds), which is no time between %d, the block or event before it, and %d, block %d. Nothing of the range was stored; an endpoint gives events that are not where it says: compare the endpoints of BASE_RPC_URL and leave one out."
            .formatted(
                event.session(),
                event.position().block(),
                event.time(),
                after,
                end.timestamp(),
                end.number()));
  }
}
