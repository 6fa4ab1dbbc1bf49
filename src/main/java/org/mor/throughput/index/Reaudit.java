package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RowArchive.MergeReport;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.contract.SessionEvent.Kind;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.SessionRow.Reading;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans a few blocks once more that were scanned long ago and stores what is missing. An answer
 * that lacked logs then shows now, on another day or another endpoint. Rows that are there are left
 * alone, so nothing is written where nothing was missed; rows whose events are not there are
 * doubted.
 */
final class Reaudit {
  /** Blocks a run, about an hour of Base. */
  static final long BLOCKS = 2_000;

  /** Answers a run: where an endpoint gives few blocks at once, fewer blocks are looked at. */
  private static final int SLICES = 4;

  private static final Logger LOG = LoggerFactory.getLogger(Reaudit.class);

  private final IndexSettings settings;
  private final Ledger ledger;
  private final EventReader events;
  private final Enricher enricher;
  private final Suspects suspects;

  Reaudit(ChainReader chain, IndexSettings settings, Ledger ledger, Patience patience) {
    this.settings = settings;
    this.ledger = ledger;
    this.events = new EventReader(chain, settings.diamond());
    this.enricher = new Enricher(chain, settings.diamond(), settings.chainId(), patience);
    this.suspects = new Suspects(chain, settings, ledger, enricher);
  }

  /**
   * Looks at blocks before the overlap, picked by the run's id. Whatever fails is left for another
   * run: the report says why.
   *
   * @param scan what this run has scanned: it must have reached the safe head, and what it has
   *     spent of the run's blocks is not spent again
   * @return empty when there was no budget or nothing old enough
   */
  Optional<ReauditReport> run(IncrementalReport scan, RunBudget budget) {
    try {
      return choice(scan)
          .filter(range -> budget.allowsAnotherRange())
          .map(r -> read(r, scan, budget));
    } catch (RuntimeException e) {
      return Optional.of(failed(ReauditReport.unread(), "Choosing old blocks to read again", e));
    }
  }

  private static ReauditReport failed(ReauditReport soFar, String what, RuntimeException e) {
    String why = "%s failed; nothing is lost: %s".formatted(what, e.getMessage());
    LOG.warn("{}", why);
    LOG.debug("{} failed", what, e);
    return soFar.failed(why);
  }

  private Optional<BlockRange> choice(IncrementalReport scan) {
    long spent = scan.scan().flatMap(ScanReport::done).map(BlockRange::size).orElse(0L);
    long size = Math.min(BLOCKS, settings.maxBlocksPerRun() - spent);
    long first = settings.startBlock().orElse(0);
    long last = scan.cursor().map(Cursor::lastBlock).orElse(-1L) - settings.overlapBlocks();
    boolean caughtUp =
        scan.cursor().map(cursor -> cursor.lastBlock() >= scan.heads().safe()).orElse(false);
    return caughtUp && size > 0 && last >= first
        ? ReauditChoice.pick(
            ledger.scanned(scan.cursor()), new BlockRange(first, last), size, ledger.runId())
        : Optional.empty();
  }

  private ReauditReport read(BlockRange range, IncrementalReport scan, RunBudget budget) {
    ReauditReport report = ReauditReport.unread();
    Optional<BlockRange> rest = Optional.of(range);
    List<SessionEvent> all = new ArrayList<>();
    int before = ledger.generation();
    try {
      for (int i = 0; i < SLICES && rest.isPresent() && budget.allowsAnotherRange(); i++) {
        int generation = ledger.generation();
        EventReader.Slice slice = events.first(rest.get());
        long found = slice.events().isEmpty() ? 0 : store(slice, scan.heads().safe(), generation);
        long last = slice.range().last();
        report =
            new ReauditReport(
                Optional.of(new BlockRange(range.first(), last)),
                report.events() + slice.events().size(),
                report.rowsFound() + found,
                report.suspects(),
                Optional.empty());
        rest = range.after(last);
        all.addAll(slice.events());
        boolean isLast = rest.isEmpty() || i + 1 == SLICES;
        report = isLast ? report.with(doubt(report, slice, all, before, scan)) : report;
      }
    } catch (RuntimeException e) {
      return failed(report, "Reading old blocks %s again".formatted(range), e);
    }
    return report;
  }

  /** Looks for stored rows of all blocks that were read whose events were not there. */
  private SuspectReport doubt(
      ReauditReport report,
      EventReader.Slice last,
      List<SessionEvent> events,
      int generation,
      IncrementalReport scan) {
    return suspects.afterScan(
        new Suspects.Scan(
            report.done().orElseThrow(),
            OptionalLong.empty(),
            last.end(),
            events,
            new EnrichedRows(List.of(), List.of(), List.of()),
            generation,
            scan.heads().safe()));
  }

  /** Stores what is missing of a slice; how many rows that was. */
  private long store(EventReader.Slice slice, long stateBlock, int generation) {
    long timeBefore = events.timeBefore(slice.range());
    List<SessionEvent> missing = missing(slice, timeBefore);
    if (missing.isEmpty()) {
      return 0;
    }
    EnrichedRows rows = enricher.enrich(missing, stateBlock, generation);
    EventTimes.check(rows, timeBefore, slice.end());
    MergeReport merged = ledger.merge(rows);
    long added = merged.opensAdded() + merged.closesAdded();
    if (added > 0) {
      LOG.warn(
          "Blocks {} count as scanned, but {} of the rows of their {} events were missing and are"
              + " stored now: an endpoint left logs out then. Scan the blocks around them again"
              + " with backfill --rescan.",
          slice.range(),
          added,
          slice.events().size());
    }
    return added;
  }

  private List<SessionEvent> missing(EventReader.Slice slice, long timeBefore) {
    Month from = Month.of(timeBefore);
    Month to = Month.of(slice.end().timestamp());
    Set<Hash32> opens = ids(slice, Kind.OPENED);
    Set<Hash32> closes = ids(slice, Kind.CLOSED);
    for (Month month : months(RowKind.OPENS, from, to)) {
      ledger.rows().forEachOpen(month, row -> removeIfInPlace(row, slice, opens));
    }
    for (Month month : months(RowKind.CLOSES, from, to)) {
      ledger.rows().forEachClose(month, row -> removeIfInPlace(row, slice, closes));
    }
    return slice.events().stream()
        .filter(e -> (e.kind() == Kind.OPENED ? opens : closes).contains(e.sessionId()))
        .toList();
  }

  /** A row whose event stands elsewhere by now is read again. */
  private static void removeIfInPlace(
      SessionRow row, EventReader.Slice slice, Set<Hash32> missing) {
    boolean moved =
        row.schema() > Reading.LEGACY.schema()
            && missing.contains(row.sessionId())
            && slice.events().stream().noneMatch(e -> e.position().equals(row.position()));
    if (!moved) {
      missing.remove(row.sessionId());
    }
  }

  private List<Month> months(RowKind kind, Month from, Month to) {
    return ledger.rows().months(kind).stream()
        .filter(month -> month.compareTo(from) >= 0 && month.compareTo(to) <= 0)
        .toList();
  }

  private static Set<Hash32> ids(EventReader.Slice slice, Kind kind) {
    return slice.events().stream()
        .filter(event -> event.kind() == kind)
        .map(SessionEvent::sessionId)
        .collect(Collectors.toCollection(HashSet::new));
  }
}
