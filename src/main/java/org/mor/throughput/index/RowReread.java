package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.contract.SessionEvent.Kind;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserPrivacy;

/** Reads the sessions of stored rows from the chain once more, without storing anything. */
public final class RowReread {
  private final EventReader events;
  private final Enricher enricher;
  private final UserPrivacy privacy;

  /**
   * @param privacy how users are written in the rows that come out
   */
  public RowReread(
      ChainReader chain, IndexSettings settings, UserPrivacy privacy, Patience patience) {
    this.events = new EventReader(chain, settings.diamond());
    this.enricher = new Enricher(chain, settings.diamond(), settings.chainId(), patience);
    this.privacy = privacy;
  }

  /**
   * The row that the chain gives for each stored one, in their order. A row whose block holds no
   * such event is not in the map.
   *
   * @param block whose state is read; at or above every row's block
   */
  public Map<SessionRow, SessionRow> read(Collection<? extends SessionRow> rows, long block) {
    Map<SessionRow, SessionEvent> found = eventsOf(rows);
    List<SessionRow> known = new ArrayList<>(found.keySet());
    EnrichedRows fresh = enricher.enrich(List.copyOf(found.values()), block, 0);
    Map<Hash32, SessionRow> opens = new LinkedHashMap<>();
    fresh
        .opens()
        .forEach(row -> opens.put(row.sessionId(), row.withUser(privacy.stored(row.user()))));
    Map<Hash32, SessionRow> closes = new LinkedHashMap<>();
    fresh
        .closes()
        .forEach(row -> closes.put(row.sessionId(), row.withUser(privacy.stored(row.user()))));
    Map<SessionRow, SessionRow> read = new LinkedHashMap<>();
    for (SessionRow row : known) {
      SessionRow again = (row instanceof OpenRow ? opens : closes).get(row.sessionId());
      if (again != null) {
        read.put(row, again);
      }
    }
    return read;
  }

  private Map<SessionRow, SessionEvent> eventsOf(Collection<? extends SessionRow> rows) {
    SortedSet<Long> blocks = new TreeSet<>();
    rows.forEach(row -> blocks.add(row.position().block()));
    List<SessionEvent> inBlocks = new ArrayList<>();
    blocks.forEach(block -> inBlocks.addAll(events.first(new BlockRange(block, block)).events()));
    Map<SessionRow, SessionEvent> found = new LinkedHashMap<>();
    for (SessionRow row : rows) {
      Kind kind = row instanceof OpenRow ? Kind.OPENED : Kind.CLOSED;
      inBlocks.stream()
          .filter(event -> event.kind() == kind && event.sessionId().equals(row.sessionId()))
          .findFirst()
          .ifPresent(event -> found.put(row, event));
    }
    return found;
  }
}
