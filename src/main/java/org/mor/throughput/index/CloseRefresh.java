package org.mor.throughput.index;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.contract.SessionEvent.Kind;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.LegacyClose;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads stored closes from the chain again: rows of the earlier indexer, which become rows of
 * today's schema, and unsettled rows, whose paid amount may have grown.
 */
public final class CloseRefresh {
  private static final Logger LOG = LoggerFactory.getLogger(CloseRefresh.class);
  private static final int ROWS_A_MERGE = 1_500;

  private final ChainReader chain;
  private final IndexSettings settings;
  private final Ledger ledger;
  private final Enricher enricher;
  private final EventReader events;

  public CloseRefresh(ChainReader chain, IndexSettings settings, Ledger ledger, Patience patience) {
    this.chain = chain;
    this.settings = settings;
    this.ledger = ledger;
    this.enricher = new Enricher(chain, settings.diamond(), settings.chainId(), patience);
    this.events = new EventReader(chain, settings.diamond());
  }

  /**
   * Refreshes at most {@code request.limit()} rows, in the order of the request's months, and
   * merges them some at a time, so that a run that is killed keeps what it did.
   */
  public RefreshReport run(RefreshRequest request, RefreshListener listener) {
    Heads heads = Heads.read(chain, settings);
    ledger.position().ifPresent(cursor -> CursorGuard.check(chain, cursor));
    RefreshReport report = RefreshReport.nothing(request.months(), request.dryRun());
    int left = request.limit();
    for (Month month : request.months()) {
      List<CloseRow> due = due(month, Math.subtractExact(heads.safe(), request.minAgeBlocks()));
      long legacy = due.stream().filter(LegacyClose.class::isInstance).count();
      report = report.counting(legacy, due.size() - legacy);
      List<CloseRow> chosen = inTurns(due, Math.min(left, due.size()));
      left -= chosen.size();
      for (int from = 0; from < chosen.size(); from += ROWS_A_MERGE) {
        List<CloseRow> some = chosen.subList(from, Math.min(from + ROWS_A_MERGE, chosen.size()));
        report = refresh(month, some, heads.safe(), report);
        listener.refreshed(month, from + some.size(), chosen.size());
      }
    }
    return report;
  }

  private List<CloseRow> due(Month month, long readBefore) {
    List<CloseRow> due = new ArrayList<>();
    ledger
        .rows()
        .forEachClose(
            month,
            row -> {
              if (row instanceof LegacyClose
                  || (row instanceof SessionClose close
                      && close.isUnsettled()
                      && close.readAtBlock() < readBefore)) {
                due.add(row);
              }
            });
    return due;
  }

  /**
   * Old rows and unsettled ones by turns, the unsettled ones that were read longest ago first: old
   * rows that cannot be resolved must not keep the others waiting for ever.
   */
  private static List<CloseRow> inTurns(List<CloseRow> due, int most) {
    Deque<CloseRow> old = new ArrayDeque<>();
    due.stream().filter(LegacyClose.class::isInstance).forEach(old::add);
    Deque<CloseRow> unsettled = new ArrayDeque<>();
    due.stream()
        .filter(SessionClose.class::isInstance)
        .sorted(Comparator.comparingLong(CloseRow::readAtBlock).thenComparing(CloseRow::position))
        .forEach(unsettled::add);
    List<CloseRow> chosen = new ArrayList<>();
    while (chosen.size() < most) {
      boolean takeOld = unsettled.isEmpty() || (chosen.size() % 2 == 1 && !old.isEmpty());
      chosen.add(takeOld ? old.remove() : unsettled.remove());
    }
    return chosen;
  }

  private RefreshReport refresh(
      Month month, List<CloseRow> rows, long block, RefreshReport report) {
    Map<Hash32, SessionEvent> found = eventsOf(rows, block);
    List<SessionEvent> readable = new ArrayList<>();
    List<Hash32> unresolved = new ArrayList<>();
    for (CloseRow row : rows) {
      SessionEvent event = found.get(row.sessionId());
      if (event == null) {
        unresolved.add(row.sessionId());
      } else {
        readable.add(event);
      }
    }
    if (!unresolved.isEmpty()) {
      LOG.warn(
          "{} rows of month {} are left as they are: the chain has no such session, or no SessionClosed event where the row says; the first: {}",
          unresolved.size(),
          month,
          unresolved.subList(0, Math.min(10, unresolved.size())));
    }
    EnrichedRows fresh = enricher.enrich(readable, block);
    List<SessionClose> inPlace =
        fresh.closes().stream().filter(row -> staysIn(month, row)).toList();
    long changed =
        report.dryRun()
            ? 0
            : ledger.merge(new EnrichedRows(List.of(), inPlace, fresh.models())).closesChanged();
    return report.read(inPlace.size(), changed, rows.size() - inPlace.size());
  }

  /** A row in the wrong month cannot be moved, because nothing is ever removed. */
  private static boolean staysIn(Month month, SessionClose row) {
    boolean stays = Month.of(row.closedAt()).equals(month);
    if (!stays) {
      LOG.warn(
          "Session {} is stored in month {}, but the chain says it closed at {}; its row is left as it is.",
          row.sessionId(),
          month,
          row.closedAt());
    }
    return stays;
  }

  /** Rows of today's schema know their place; the others' events are looked up. */
  private Map<Hash32, SessionEvent> eventsOf(List<CloseRow> rows, long block) {
    List<LegacyClose> legacy =
        rows.stream().filter(LegacyClose.class::isInstance).map(LegacyClose.class::cast).toList();
    List<SessionClose> known =
        rows.stream().filter(SessionClose.class::isInstance).map(SessionClose.class::cast).toList();
    Map<Hash32, SessionEvent> found = new HashMap<>();
    if (!legacy.isEmpty()) {
      BlockRange within = new BlockRange(settings.startBlock().orElse(0), block);
      found.putAll(new EventFinder(chain, events).closesOf(legacy, within));
    }
    Map<Hash32, SessionState> states = enricher.storedSessions(ids(known), block);
    for (SessionClose row : known) {
      SessionState state = states.get(row.sessionId());
      if (state != null) {
        found.put(row.sessionId(), event(row, state));
      }
    }
    return found;
  }

  /**
   * The event of a stored row; the user comes from the chain, because a row may hold a hash of it.
   */
  private static SessionEvent event(SessionClose row, SessionState state) {
    return new SessionEvent(
        Kind.CLOSED, row.sessionId(), state.user(), row.provider(), row.position(), row.txHash());
  }

  private static List<Hash32> ids(Collection<? extends CloseRow> rows) {
    return rows.stream().map(CloseRow::sessionId).toList();
  }
}
