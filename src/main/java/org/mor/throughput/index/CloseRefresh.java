package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RowArchive.MergeReport;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.CloseRow.LegacyClose;
import org.mor.throughput.session.CloseRow;
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

  /** A stranger may make many: more of them would only fill the log. */
  static final int MOST_NAMED = 10;

  private final ContractReader contract;
  private final Ledger ledger;
  private final Suspects suspects;

  public CloseRefresh(ContractReader contract, Ledger ledger) {
    this.contract = contract;
    this.ledger = ledger;
    this.suspects = new Suspects(contract, ledger);
  }

  /**
   * Which closes to read again.
   *
   * @param months the partitions to look into, in this order
   * @param limit how many rows at most, over all of them
   * @param minAgeBlocks unsettled rows that were read within so many blocks are left for later
   * @param dryRun whether to read only and write nothing
   */
  public record Request(List<Month> months, int limit, long minAgeBlocks, boolean dryRun) {
    public Request {
      months = List.copyOf(months);
      if (limit < 0 || minAgeBlocks < 0) {
        throw new IllegalArgumentException(
            "Limit %d and minimal age %d must not be negative".formatted(limit, minAgeBlocks));
      }
    }
  }

  /** Hears how a refresh goes on. */
  @FunctionalInterface
  public interface Listener {
    /** So many of a month's chosen rows are done. */
    void refreshed(Month month, long done, long chosen);

    /** Hears nothing. */
    static Listener none() {
      return (month, done, chosen) -> {};
    }
  }

  /**
   * What a refresh did.
   *
   * @param legacy rows of the earlier indexer in the months that were looked into
   * @param unsettled rows in those months whose paid amount may still grow
   * @param read rows that were read from the chain again
   * @param changed rows that were written anew; 0 in a dry run
   * @param unresolved rows that were tried and stay as they are
   * @param named the first of the unresolved rows, at most {@value #MOST_NAMED}
   * @param conflicts how often another writer of a partition was in the way, or a write's outcome
   *     was unknown
   * @param suspects what became of rows that the contract's state contradicts
   * @param isCutShort whether rows within the limit were left over for want of time
   */
  public record Report(
      List<Month> months,
      boolean dryRun,
      long legacy,
      long unsettled,
      long read,
      long changed,
      long unresolved,
      List<Unresolved> named,
      long conflicts,
      SuspectReport suspects,
      boolean isCutShort) {
    public Report {
      months = List.copyOf(months);
      named = List.copyOf(named);
    }
  }

  /**
   * A row that stays as it is.
   *
   * @param why for people
   */
  public record Unresolved(Hash32 sessionId, Month month, String why) {}

  /** What was done so far. */
  private static final class Done {
    private final List<Unresolved> named = new ArrayList<>();
    private long legacy;
    private long unsettled;
    private long read;
    private long changed;
    private long unresolved;
    private long conflicts;
    private SuspectReport found = SuspectReport.NONE;
    private boolean isCutShort;

    Report report(Request request) {
      return new Report(
          request.months(),
          request.dryRun(),
          legacy,
          unsettled,
          read,
          changed,
          unresolved,
          named,
          conflicts,
          found,
          isCutShort);
    }
  }

  /** Refreshes without a limit of time. */
  public Report run(Request request, Listener listener) {
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
  public Report run(Request request, RunBudget budget, Listener listener) {
    Heads heads = contract.heads();
    Optional<Cursor> position = request.dryRun() ? ledger.position() : ledger.begin();
    position.ifPresent(cursor -> CursorGuard.check(contract.chain(), cursor));
    DueCloses dueCloses = new DueCloses(contract, ledger, heads, request.minAgeBlocks());
    Done done = new Done();
    int left = request.limit();
    for (Month month : request.months()) {
      if (!budget.allowsAnotherRange()) {
        done.isCutShort |= left > 0;
        break;
      }
      if (!request.dryRun()) {
        done.found = done.found.plus(suspects.leftFromBeforeARewind(month, heads.safe()));
      }
      List<CloseRow> due = dueCloses.of(month);
      long legacy = due.stream().filter(LegacyClose.class::isInstance).count();
      done.legacy += legacy;
      done.unsettled += due.size() - legacy;
      List<CloseRow> chosen =
          DueCloses.inTurns(due, Math.min(left, due.size()), month + " " + heads.safe());
      left -= chosen.size();
      for (int from = 0; from < chosen.size(); ) {
        if (!budget.allowsAnotherRange()) {
          done.isCutShort = true;
          return done.report(request);
        }
        int to = endOfMerge(chosen, from);
        refresh(month, chosen.subList(from, to), heads.safe(), budget, request.dryRun(), done);
        listener.refreshed(month, to, chosen.size());
        from = to;
      }
    }
    return done.report(request);
  }

  /** Where the rows end that are merged together with the one at {@code from}. */
  private static int endOfMerge(List<CloseRow> rows, int from) {
    int searched = 0;
    int to = from;
    while (to < rows.size() && to - from < ROWS_A_MERGE && searched < SEARCHED_ROWS_A_MERGE) {
      searched += CloseReread.isSearched(rows.get(to)) ? 1 : 0;
      to++;
    }
    return to;
  }

  private void refresh(
      Month month, List<CloseRow> rows, long block, RunBudget budget, boolean dryRun, Done done) {
    long start = contract.settings().startBlock().orElse(0);
    BlockRange within = new BlockRange(Math.min(block, start), block);
    CloseReread reread = new CloseReread(contract, within, block, ledger.generation(), budget);
    reread.read(rows);
    done.isCutShort |= reread.isCutShort();
    if (!dryRun) {
      done.found = done.found.plus(suspects.doubted(reread.doubted(), block));
    }
    List<SessionClose> inPlace = new ArrayList<>();
    List<Unresolved> stayed = new ArrayList<>();
    for (SessionClose row : reread.fresh().closes()) {
      if (Month.of(row.closedAt()).equals(month)) {
        inPlace.add(row);
      } else {
        // Rows are never deleted, so a row in the wrong month stays there.
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
          stayed.subList(0, Math.min(MOST_NAMED, stayed.size())));
    }
    done.read += inPlace.size();
    done.unresolved += stayed.size();
    stayed.stream().limit(MOST_NAMED - done.named.size()).forEach(done.named::add);
    if (!dryRun) {
      EnrichedRows fresh = reread.fresh();
      MergeReport merged =
          ledger.merge(new EnrichedRows(List.of(), inPlace, fresh.models(), fresh.aboveSafe()));
      done.changed += merged.closesChanged();
      done.conflicts += merged.conflicts();
    }
  }
}
