package org.mor.throughput.index;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RowArchive.MergeReport;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.index.RefreshReport.Unresolved;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.CloseRow.LegacyClose;
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

  /** For so many pauses a row is tried at every turn; afterwards ever more rarely. */
  private static final long OFTEN = 8;

  private static final long SECONDS_OF_A_PAUSE = 3_600;

  private final ChainReader chain;
  private final IndexSettings settings;
  private final Ledger ledger;
  private final Enricher enricher;
  private final EventReader events;
  private final Suspects suspects;

  public CloseRefresh(ChainReader chain, IndexSettings settings, Ledger ledger, Patience patience) {
    this.chain = chain;
    this.settings = settings;
    this.ledger = ledger;
    this.enricher = new Enricher(chain, settings.diamond(), settings.chainId(), patience);
    this.events = new EventReader(chain, settings.diamond());
    this.suspects = new Suspects(chain, settings, ledger, enricher);
  }

  /** Refreshes without a limit of time. */
  public RefreshReport run(RefreshRequest request, RefreshListener listener) {
    return run(request, RunBudget.unlimited(), listener);
  }

  /**
   * Refreshes at most {@code request.limit()} rows, in the order of the request's months, and
   * merges them some at a time, so that a run that is killed keeps what it did. Begins no row that
   * the budget does not allow: what was read by then is merged, and the report says so. A row that
   * cannot be settled stays as it is and is named in the report; the others are refreshed.
   *
   * @throws org.mor.throughput.chain.ChainException when the chain does not answer at all
   */
  public RefreshReport run(RefreshRequest request, RunBudget budget, RefreshListener listener) {
    Heads heads = Heads.read(chain, settings);
    Optional<Cursor> position = request.dryRun() ? ledger.position() : ledger.begin();
    position.ifPresent(cursor -> CursorGuard.check(chain, cursor));
    Optional<BlockRange> unsafe = ledger.unsafeReadings().find();
    RefreshReport report = RefreshReport.nothing(request.months(), request.dryRun());
    int left = request.limit();
    for (Month month : request.months()) {
      if (!budget.allowsAnotherRange()) {
        return left > 0 ? report.cutShort() : report;
      }
      if (!request.dryRun()) {
        report = report.with(suspects.leftFromBeforeARewind(month, heads.safe()));
      }
      List<CloseRow> due = due(month, heads, request.minAgeBlocks(), unsafe);
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

  private List<CloseRow> due(Month month, Heads heads, long pause, Optional<BlockRange> unsafe) {
    List<CloseRow> due = new ArrayList<>();
    List<CloseRow> readAboveSafe = new ArrayList<>();
    ledger
        .rows()
        .forEachClose(
            month,
            row -> {
              if (row instanceof SessionClose && ledger.isOutdated(row)) {
                return; // a scan reads its event again, or finds that it is gone
              } else if (isDue(row, heads, pause)) {
                due.add(row);
              } else if (row instanceof SessionClose close
                  && unsafe.isPresent()
                  && unsafe.get().contains(close.readAtBlock())
                  && heads.safe() - close.readAtBlock() > pause) {
                readAboveSafe.add(row);
              }
            });
    if (!readAboveSafe.isEmpty() && hasState(heads.safe(), readAboveSafe.size())) {
      due.addAll(readAboveSafe);
    }
    return due;
  }

  /** Whether rows that were read above the safe head of then can be read at the one of now. */
  private boolean hasState(long safe, int rows) {
    boolean has = chain.lowestState(safe).equals(OptionalLong.of(safe));
    if (!has) {
      LOG.warn(
          "{} closes were read above the safe head of then and stay unsettled: no endpoint has the state of block {}, the safe head. Lower SAFETY_LAG_BLOCKS, set CONFIRMATION=blocks, or add an endpoint that keeps more state.",
          rows,
          safe);
    }
    return has;
  }

  /**
   * Whether a row is to be read again and it is its turn. A row that could not be settled stays as
   * it is, so that its age grows: the older its last reading, the more rarely it is tried. After 8
   * pauses that is decided by its id and the block of the run; on average a try then follows
   * another after a share of the age that stays the same. Nothing has to be remembered.
   *
   * @param pause in blocks; 0 for all rows at once
   */
  private static boolean isDue(CloseRow row, Heads heads, long pause) {
    if (row instanceof SessionClose close) {
      long age = heads.safe() - close.readAtBlock();
      return close.isUnsettled()
          && (pause == 0 ? age > 0 : age > pause && isTurn(row, heads, age, pause));
    }
    // An old row was never read: what counts is its close, by time where it names no block.
    long block = row.position().block();
    boolean placed = block > 0 && block <= heads.safe();
    long age = placed ? heads.safe() - block : heads.latest().timestamp() - row.closedAt();
    return pause == 0 || isTurn(row, heads, age, placed ? pause : SECONDS_OF_A_PAUSE);
  }

  private static boolean isTurn(CloseRow row, Heads heads, long age, long pause) {
    long often = OFTEN * pause;
    return age <= often || Turn.of(row.sessionId() + " " + heads.safe(), age) < often;
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

  private RefreshReport refresh(
      Month month, List<CloseRow> rows, long block, RunBudget budget, RefreshReport report) {
    BlockRange within = new BlockRange(Math.min(block, settings.startBlock().orElse(0)), block);
    CloseReread reread =
        new CloseReread(chain, enricher, events, within, block, ledger.generation(), budget);
    reread.read(rows);
    SuspectReport doubted =
        report.dryRun() ? SuspectReport.NONE : suspects.doubted(reread.doubted(), block);
    List<SessionClose> inPlace = new ArrayList<>();
    List<Unresolved> stayed = new ArrayList<>();
    for (SessionClose row : reread.fresh().closes()) {
      if (Month.of(row.closedAt()).equals(month)) {
        inPlace.add(row);
      } else {
        // A row in the wrong month cannot be moved, because nothing is ever removed.
        String why = "the chain says that it closed in another month, at " + row.closedAt();
        stayed.add(new Unresolved(row.sessionId(), month, why));
      }
    }
    reread.stayed().forEach((id, why) -> stayed.add(new Unresolved(id, month, why)));
    if (!stayed.isEmpty()) {
      LOG.warn(
          "{} closes of {} stay as they are and are tried again later; the first: {}",
          stayed.size(),
          month,
          stayed.subList(0, Math.min(RefreshReport.MOST_NAMED, stayed.size())));
    }
    RefreshReport soFar = (reread.isCutShort() ? report.cutShort() : report).with(doubted);
    if (report.dryRun()) {
      return soFar.plus(inPlace.size(), 0, stayed, 0);
    }
    MergeReport merged =
        ledger.merge(
            new EnrichedRows(
                List.of(), inPlace, reread.fresh().models(), reread.fresh().aboveSafe()));
    return soFar.plus(inPlace.size(), merged.closesChanged(), stayed, merged.conflicts());
  }
}
