package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
   * Refreshes at most {@code request.limit()} rows, old ones first, then those read longest ago.
   */
  public RefreshReport run(RefreshRequest request) {
    ledger.position();
    Heads heads = Heads.read(chain, settings);
    long block = heads.safe();
    RefreshReport report = RefreshReport.nothing(request.months(), request.dryRun());
    int left = request.limit();
    for (Month month : request.months()) {
      List<CloseRow> due = due(month, Math.subtractExact(block, request.minAgeBlocks()));
      List<CloseRow> chosen = due.subList(0, Math.min(left, due.size()));
      left -= chosen.size();
      report = report.plus(refresh(month, due, chosen, block, request.dryRun()));
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
    due.sort(Comparator.comparingLong(CloseRow::readAtBlock).thenComparing(CloseRow::position));
    return due;
  }

  private RefreshReport refresh(
      Month month, List<CloseRow> due, List<CloseRow> chosen, long block, boolean dryRun) {
    long legacy = due.stream().filter(LegacyClose.class::isInstance).count();
    RefreshReport counted =
        RefreshReport.nothing(List.of(), dryRun).counting(legacy, due.size() - legacy);
    if (chosen.isEmpty()) {
      return counted;
    }
    Map<Hash32, SessionEvent> found = eventsOf(chosen, block);
    List<SessionEvent> readable = new ArrayList<>();
    for (CloseRow row : chosen) {
      SessionEvent event = found.get(row.sessionId());
      if (event == null) {
        LOG.warn(
            "No SessionClosed event of session {} was found around its stored close time {}; its row in month {} is left as it is.",
            row.sessionId(),
            row.closedAt(),
            month);
      } else {
        readable.add(event);
      }
    }
    EnrichedRows rows = enricher.enrich(readable, block);
    List<SessionClose> inPlace = rows.closes().stream().filter(row -> staysIn(month, row)).toList();
    int unresolved = chosen.size() - inPlace.size();
    if (dryRun) {
      return counted.read(inPlace.size(), 0, unresolved);
    }
    MergeReport merged = ledger.merge(new EnrichedRows(List.of(), inPlace, rows.models()));
    return counted.read(inPlace.size(), merged.closesChanged(), unresolved);
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
    Map<Hash32, SessionState> states = enricher.sessions(ids(known), block);
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
