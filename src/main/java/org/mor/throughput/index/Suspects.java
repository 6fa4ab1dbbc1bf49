package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.archive.Suspect;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
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
  private final KeptHashes kept;
  private final Set<Suspect> looked = new HashSet<>();

  Suspects(ContractReader contract, Ledger ledger) {
    this.contract = contract;
    this.ledger = ledger;
    this.kept = new KeptHashes(contract.chain(), ledger);
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
    return settle(doubted, listed, scan.fresh().rows(), scan.generation(), scan.stateBlock());
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
    int from = (int) Turn.of(ledger.runId(), all.size());
    List<Suspect> some = new ArrayList<>(all.subList(from, all.size()));
    some.addAll(all.subList(0, from));
    some = some.subList(0, Math.min(AGAIN, some.size()));
    int generation = ledger.generation();
    return settle(stored(some), some, List.of(), generation, stateBlock);
  }

  /** Settles rows that the contract's state contradicts. */
  SuspectReport doubted(Collection<? extends SessionRow> rows, long stateBlock) {
    return rows.isEmpty()
        ? SuspectReport.NONE
        : settle(List.copyOf(rows), List.of(), List.of(), ledger.generation(), stateBlock);
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
        ledger
            .rows()
            .forEachLive(
                kind,
                month,
                row -> {
                  if (row.schema() != Reading.LEGACY.schema() && ledger.isOutdated(row)) {
                    outdated.add(row);
                  }
                });
      }
    }
    return doubted(covered(outdated), stateBlock);
  }

  private List<SessionRow> search(Scanned scan) {
    Map<RowKind, Map<Hash32, SessionRow>> fresh = new HashMap<>();
    for (SessionRow row : scan.fresh().rows()) {
      fresh.computeIfAbsent(RowKind.of(row), kind -> new HashMap<>()).put(row.sessionId(), row);
    }
    Set<Hash32> opened = new HashSet<>();
    Set<Hash32> closed = new HashSet<>();
    scan.events().forEach(e -> (e.kind() == Kind.OPENED ? opened : closed).add(e.sessionId()));
    List<SessionRow> doubted = new ArrayList<>();
    List<SessionRow> outdated = new ArrayList<>();
    for (RowKind kind : RowKind.values()) {
      Map<Hash32, SessionRow> now = fresh.getOrDefault(kind, Map.of());
      Set<Hash32> seen = kind == RowKind.OPENS ? opened : closed;
      for (Month month : months(kind, scan)) {
        ledger
            .rows()
            .forEachLive(
                kind,
                month,
                row -> {
                  SessionRow found = now.get(row.sessionId());
                  // Old rows do not say what they rest on; a newer generation knows more than this.
                  if (row.schema() == Reading.LEGACY.schema()
                      || row.generation() > scan.generation()) {
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
                });
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

  private List<SessionRow> stored(List<Suspect> suspects) {
    List<SessionRow> rows = new ArrayList<>();
    for (RowKind kind : RowKind.values()) {
      Map<Month, List<Suspect>> byMonth = new HashMap<>();
      for (Suspect suspect : suspects) {
        if (suspect.kind() == kind) {
          byMonth.computeIfAbsent(suspect.month(), month -> new ArrayList<>()).add(suspect);
        }
      }
      byMonth.forEach(
          (month, wanted) ->
              ledger
                  .rows()
                  .forEachLive(
                      kind,
                      month,
                      row -> {
                        if (wanted.stream().anyMatch(s -> s.sessionId().equals(row.sessionId()))) {
                          rows.add(row);
                        }
                      }));
    }
    return rows;
  }

  /**
   * @param listed what was on the list; what is not suspect any more leaves it
   */
  private SuspectReport settle(
      List<SessionRow> doubted,
      List<Suspect> listed,
      List<? extends SessionRow> fresh,
      int generation,
      long stateBlock) {
    SuspectTrial trial = new SuspectTrial(contract, ledger, kept, fresh, generation, stateBlock);
    trial.run(doubted);
    ledger.merge(trial.readAgain());
    ledger.rows().merge(trial.retractedOpens(), trial.retractedCloses());
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
