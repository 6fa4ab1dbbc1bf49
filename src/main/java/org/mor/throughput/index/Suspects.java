package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.archive.Suspect;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.contract.SessionEvent.Kind;
import org.mor.throughput.index.RangeIndexer.Scanned;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.SessionRow.Reading;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for stored rows that the chain may no longer have, and settles what becomes of each. That a
 * log is missing is only a suspicion: nodes drop logs, lag and lie. A {@link SuspectTrial} decides.
 */
final class Suspects {
  private static final Logger LOG = LoggerFactory.getLogger(Suspects.class);

  /** A reorganisation can move an event by so many seconds into another month's partition. */
  private static final long NEARBY_SECONDS = 86_400;

  /** So few blocks do not reach back beyond the month before. */
  private static final long FEW_BLOCKS = 5_000;

  /** Rows on the list that one run looks at again. */
  private static final int AGAIN = 25;

  private final ContractReader contract;
  private final Ledger ledger;
  private final Set<Suspect> looked = new HashSet<>();

  Suspects(ContractReader contract, Ledger ledger) {
    this.contract = contract;
    this.ledger = ledger;
  }

  /**
   * Compares the stored rows of blocks with the rows just made of their events, before those are
   * committed. Only where a stored row is not among them is anything asked of the chain.
   */
  SuspectReport afterScan(Scanned scan) {
    List<SessionRow> doubted = search(scan);
    List<Suspect> listed =
        ledger.suspects().rows().stream()
            .filter(suspect -> scan.range().contains(suspect.block()))
            .filter(suspect -> months(suspect.kind(), scan).contains(suspect.month()))
            .toList();
    if (doubted.isEmpty() && listed.isEmpty()) {
      return SuspectReport.NONE;
    }
    // The row of an event that moved is durable before its old one is retracted.
    ledger.merge(scan.fresh());
    return settle(doubted, listed, scan.fresh(), scan.generation(), scan.stateBlock());
  }

  /**
   * Looks at some rows on the list again that this run has not looked at: by now their blocks may
   * be safe, or endpoints answer.
   */
  SuspectReport again(long stateBlock, RunBudget budget) {
    List<Suspect> all = new ArrayList<>(ledger.suspects().rows());
    all.removeAll(looked);
    if (all.isEmpty() || !budget.allowsAnotherRange()) {
      return SuspectReport.NONE;
    }
    int from = (int) Turn.of(ledger.run().id(), all.size());
    List<Suspect> some = new ArrayList<>(all.subList(from, all.size()));
    some.addAll(all.subList(0, from));
    some = some.subList(0, Math.min(AGAIN, some.size()));
    int generation = ledger.generation();
    return settle(stored(some), some, EnrichedRows.NONE, generation, stateBlock);
  }

  /** Settles rows that the contract's state contradicts. */
  SuspectReport doubted(Collection<? extends SessionRow> rows, long stateBlock) {
    return rows.isEmpty()
        ? SuspectReport.NONE
        : settle(List.copyOf(rows), List.of(), EnrichedRows.NONE, ledger.generation(), stateBlock);
  }

  /**
   * Settles rows of a month that were read before a rewind below their blocks, and whose blocks
   * were scanned since: a writer that was late merged them. Reads nothing where nothing was ever
   * rewound.
   */
  SuspectReport leftFromBeforeARewind(Month month, long stateBlock) {
    List<SessionRow> outdated = new ArrayList<>();
    if (ledger.generation() > 0) {
      for (RowKind kind : RowKind.values()) {
        outdated.addAll(live(ledger, kind, month, row -> !isOld(row) && ledger.isOutdated(row)));
      }
    }
    return doubted(covered(outdated), stateBlock);
  }

  /** Old rows do not say what they rest on. */
  private static boolean isOld(SessionRow row) {
    return row.schema() == Reading.LEGACY.schema();
  }

  private List<SessionRow> search(Scanned scan) {
    List<SessionRow> doubted = new ArrayList<>();
    List<SessionRow> outdated = new ArrayList<>();
    for (RowKind kind : RowKind.values()) {
      Map<Hash32, SessionRow> fresh = scan.fresh().bySession(kind);
      Set<Hash32> seen =
          scan.events().stream()
              .filter(event -> (event.kind() == Kind.OPENED) == (kind == RowKind.OPENS))
              .map(SessionEvent::sessionId)
              .collect(Collectors.toSet());
      Consumer<SessionRow> look =
          row -> {
            SessionRow found = fresh.get(row.sessionId());
            // A newer generation knows more than this.
            if (isOld(row) || row.generation() > scan.generation()) {
              return;
            }
            if (found != null) {
              addIfElsewhere(row, found, doubted);
            } else if (seen.contains(row.sessionId())) {
              return;
            } else if (scan.range().contains(row.position().block())) {
              doubted.add(row);
            } else if (ledger.isOutdated(row)) {
              outdated.add(row);
            }
          };
      for (Month month : months(kind, scan)) {
        if (ledger.generation() > 0) { // any row may be of before a rewind
          ledger.rows().forEachLive(kind, month, look);
        } else {
          ledger.rows().forEachLive(kind, month, scan.range(), fresh.keySet(), look);
        }
      }
    }
    doubted.addAll(covered(outdated));
    return doubted;
  }

  /** Of two rows of a session in different months the one that was read earlier is doubted. */
  private static void addIfElsewhere(SessionRow row, SessionRow fresh, List<SessionRow> doubted) {
    if (!Month.of(row.eventTime()).equals(Month.of(fresh.eventTime()))) {
      doubted.add(row.reading().compareTo(fresh.reading()) <= 0 ? row : fresh);
    }
  }

  /** Rows of before a rewind whose blocks were read since: a writer that was late merged them. */
  private List<SessionRow> covered(List<SessionRow> outdated) {
    if (outdated.isEmpty()) {
      return outdated;
    }
    Coverage coverage = ledger.coverage().find();
    return outdated.stream()
        .filter(
            row -> coverage.covers(new BlockRange(row.position().block(), row.position().block())))
        .toList();
  }

  private Collection<Month> months(RowKind kind, Scanned scan) {
    Month last = Month.of(scan.end().timestamp() + NEARBY_SECONDS);
    Month first;
    if (scan.timeBefore().isPresent()) {
      first = Month.of(scan.timeBefore().getAsLong() - NEARBY_SECONDS);
    } else if (scan.range().size() <= FEW_BLOCKS) {
      first = Month.of(Month.of(scan.end().timestamp()).firstSecond() - 1);
    } else {
      return ledger.rows().months(kind);
    }
    List<Month> months = new ArrayList<>();
    for (Month month = first; month.compareTo(last) <= 0; month = month.next()) {
      months.add(month);
    }
    return months;
  }

  /** The stored rows of a month that are not retracted and of which {@code which} holds. */
  static List<SessionRow> live(
      Ledger ledger, RowKind kind, Month month, Predicate<? super SessionRow> which) {
    List<SessionRow> found = new ArrayList<>();
    ledger
        .rows()
        .forEachLive(
            kind,
            month,
            row -> {
              if (which.test(row)) {
                found.add(row);
              }
            });
    return found;
  }

  private List<SessionRow> stored(List<Suspect> suspects) {
    List<SessionRow> rows = new ArrayList<>();
    suspects.stream()
        .collect(Collectors.groupingBy(Suspect::kind))
        .forEach(
            (kind, ofKind) ->
                ofKind.stream()
                    .collect(
                        Collectors.groupingBy(
                            Suspect::month,
                            Collectors.mapping(Suspect::sessionId, Collectors.toSet())))
                    .forEach(
                        (month, ids) ->
                            rows.addAll(
                                live(ledger, kind, month, row -> ids.contains(row.sessionId())))));
    return rows;
  }

  /**
   * @param listed what was on the list; what is not suspect any more leaves it
   */
  private SuspectReport settle(
      List<SessionRow> doubted,
      List<Suspect> listed,
      EnrichedRows fresh,
      int generation,
      long stateBlock) {
    SuspectTrial trial = new SuspectTrial(contract, ledger, fresh, generation, stateBlock);
    trial.run(doubted);
    ledger.merge(trial.readAgain());
    ledger
        .run()
        .tally()
        .merged(ledger.rows().merge(trial.retractedOpens(), trial.retractedCloses()));
    ledger.updateSuspects(listed, trial.left());
    looked.addAll(trial.left());
    SuspectReport report = trial.report();
    tell(report);
    return report;
  }

  private static void tell(SuspectReport report) {
    if (report.confirmed() > 0) {
      LOG.warn(
          "{} stored rows were not in the logs just read, but the contract's state confirms them: an endpoint left logs out. Nothing is lost.",
          report.confirmed());
    }
    if (report.changesRows()) {
      LOG.warn(
          "The chain was reorganised: {} rows were read again in another block or after a rewind, {} are retracted because their events are gone.",
          report.readAgain(),
          report.retracted());
    }
    if (report.suspect() > 0) {
      LOG.warn(
          "{} stored rows are suspect: the chain may no longer have their events. They stay and count until the evidence agrees; later runs look again; the first: {}",
          report.suspect(),
          report.first());
    }
  }
}
