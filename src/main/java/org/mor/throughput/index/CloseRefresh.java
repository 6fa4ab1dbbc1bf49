package org.mor.throughput.index;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.MergeReport;
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

  /**
   * Rows whose block is searched take far longer than a month's partition takes to be rewritten, so
   * that fewer of them wait for a merge.
   */
  private static final int SEARCHED_ROWS_A_MERGE = 50;

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

  /** Refreshes without a limit of time. */
  public RefreshReport run(RefreshRequest request, RefreshListener listener) {
    return run(request, RunBudget.unlimited(), listener);
  }

  /**
   * Refreshes at most {@code request.limit()} rows, in the order of the request's months, and
   * merges them some at a time, so that a run that is killed keeps what it did. Begins no row that
   * the budget does not allow: what was read by then is merged, and the report says so.
   */
  public RefreshReport run(RefreshRequest request, RunBudget budget, RefreshListener listener) {
    Heads heads = Heads.read(chain, settings);
    Optional<Cursor> position = request.dryRun() ? ledger.position() : ledger.begin();
    position.ifPresent(cursor -> CursorGuard.check(chain, cursor));
    RefreshReport report = RefreshReport.nothing(request.months(), request.dryRun());
    int left = request.limit();
    for (Month month : request.months()) {
      if (!budget.allowsAnotherRange()) {
        return left > 0 ? report.cutShort() : report;
      }
      List<CloseRow> due = due(month, Math.subtractExact(heads.safe(), request.minAgeBlocks()));
      long legacy = due.stream().filter(LegacyClose.class::isInstance).count();
      report = report.counting(legacy, due.size() - legacy);
      List<CloseRow> chosen = inTurns(due, Math.min(left, due.size()), month + " " + heads.safe());
      left -= chosen.size();
      for (int from = 0; from < chosen.size(); ) {
        if (!budget.allowsAnotherRange()) {
          return report.cutShort();
        }
        int to = endOfMerge(chosen, from);
        report = refresh(month, chosen.subList(from, to), heads.safe(), budget, report);
        listener.refreshed(month, to, chosen.size());
        from = to;
      }
    }
    return report;
  }

  /** Where the rows end that are merged together with the one at {@code from}. */
  private static int endOfMerge(List<CloseRow> rows, int from) {
    int searched = 0;
    int to = from;
    while (to < rows.size() && to - from < ROWS_A_MERGE && searched < SEARCHED_ROWS_A_MERGE) {
      searched += EventFinder.isSearched(rows.get(to)) ? 1 : 0;
      to++;
    }
    return to;
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
   * Old rows and unsettled ones by turns. The unsettled ones that were read longest ago come first.
   * Old rows go round from one that {@code seed} picks, another one each run: those that cannot be
   * resolved stay, so that from a fixed one on they would keep the rows behind them waiting for
   * ever.
   */
  private static List<CloseRow> inTurns(List<CloseRow> due, int most, String seed) {
    List<CloseRow> round =
        new ArrayList<>(due.stream().filter(LegacyClose.class::isInstance).toList());
    if (!round.isEmpty()) {
      Collections.rotate(round, (int) -Turn.of(seed, round.size()));
    }
    Deque<CloseRow> old = new ArrayDeque<>(round);
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

  /** The events of rows, and the rows that there was no time to look for. */
  private record Found(Map<Hash32, SessionEvent> events, List<LegacyClose> left) {}

  private RefreshReport refresh(
      Month month, List<CloseRow> rows, long block, RunBudget budget, RefreshReport report) {
    Found found = eventsOf(rows, block, budget);
    Set<Hash32> left = new HashSet<>(ids(found.left()));
    List<SessionEvent> readable = new ArrayList<>();
    List<Hash32> unresolved = new ArrayList<>();
    for (CloseRow row : rows) {
      SessionEvent event = found.events().get(row.sessionId());
      if (left.contains(row.sessionId())) {
        continue;
      }
      if (event == null) {
        unresolved.add(row.sessionId());
      } else {
        readable.add(event);
      }
    }
    if (!unresolved.isEmpty()) {
      LOG.warn(
          "{} rows of month {} are left as they are: the chain has no such session, or no"
              + " SessionClosed event where the row says; the first: {}",
          unresolved.size(),
          month,
          unresolved.subList(0, Math.min(10, unresolved.size())));
    }
    EnrichedRows fresh = enricher.enrich(readable, block);
    List<SessionClose> inPlace =
        fresh.closes().stream().filter(row -> staysIn(month, row)).toList();
    RefreshReport soFar = left.isEmpty() ? report : report.cutShort();
    long unread = (long) rows.size() - left.size() - inPlace.size();
    if (report.dryRun()) {
      return soFar.plus(inPlace.size(), 0, unread, 0);
    }
    MergeReport merged = ledger.merge(new EnrichedRows(List.of(), inPlace, fresh.models()));
    return soFar.plus(inPlace.size(), merged.closesChanged(), unread, merged.conflicts());
  }

  /** A row in the wrong month cannot be moved, because nothing is ever removed. */
  private static boolean staysIn(Month month, SessionClose row) {
    boolean stays = Month.of(row.closedAt()).equals(month);
    if (!stays) {
      LOG.warn(
          "Session {} is stored in month {}, but the chain says it closed at {}; its row is left as"
              + " it is.",
          row.sessionId(),
          month,
          row.closedAt());
    }
    return stays;
  }

  /**
   * Rows of today's schema know their place; the others' events are looked up, but for sessions
   * that the chain does not know as closed, which have none.
   */
  private Found eventsOf(List<CloseRow> rows, long block, RunBudget budget) {
    Map<Hash32, SessionState> states = enricher.storedSessions(ids(rows), block);
    Map<Hash32, SessionEvent> found = new HashMap<>();
    List<LegacyClose> legacy = new ArrayList<>();
    for (CloseRow row : rows) {
      SessionState state = states.get(row.sessionId());
      if (state != null && row instanceof SessionClose close) {
        found.put(row.sessionId(), event(close, state));
      } else if (state != null && state.closedAt() != 0 && row instanceof LegacyClose old) {
        legacy.add(old);
      }
    }
    if (legacy.isEmpty()) {
      return new Found(found, List.of());
    }
    legacy.sort(Comparator.comparingLong(CloseRow::closedAt));
    BlockRange within = new BlockRange(settings.startBlock().orElse(0), block);
    EventFinder finder = new EventFinder(chain, events, within);
    int looked = finder.look(legacy, budget);
    ids(legacy).stream()
        .filter(finder.found()::containsKey)
        .forEach(id -> found.put(id, finder.found().get(id)));
    // What came along with others' answers needs no look of its own.
    List<LegacyClose> left =
        legacy.subList(looked, legacy.size()).stream()
            .filter(row -> !found.containsKey(row.sessionId()))
            .toList();
    return new Found(found, left);
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
