package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RowArchive.MergeReport;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.BlockRange;
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
public final class Reaudit {
  /** Blocks a run, about an hour of Base. */
  static final long BLOCKS = 2_000;

  /** Answers a run: where an endpoint gives few blocks at once, fewer blocks are looked at. */
  private static final int SLICES = 4;

  private static final Logger LOG = LoggerFactory.getLogger(Reaudit.class);

  /**
   * What scanning old blocks once more showed.
   *
   * @param done the blocks that were read; empty when no endpoint gave them
   * @param events session events in them
   * @param rowsFound rows that were missing and are stored now; anything but 0 says that an
   *     endpoint left logs out when the blocks were first scanned
   * @param suspects what became of stored rows that were not found again
   * @param failure why it ended early; nothing is lost, other runs look at these blocks again
   */
  public record Report(
      Optional<BlockRange> done,
      long events,
      long rowsFound,
      SuspectReport suspects,
      Optional<String> failure) {}

  private final ContractReader contract;
  private final Ledger ledger;
  private final EventReader events;
  private final Suspects suspects;

  Reaudit(ContractReader contract, Ledger ledger) {
    this.contract = contract;
    this.ledger = ledger;
    this.events = contract.events();
    this.suspects = new Suspects(contract, ledger);
  }

  /**
   * Looks at blocks before the overlap, picked by the run's id. Whatever fails is left for another
   * run: the report says why.
   *
   * @param reached the cursor after this run's scan, which must have reached {@code safe}
   * @param safe the safe head
   * @param spent how many of the run's blocks it has scanned, which are not spent again
   * @return empty when there was no budget or nothing old enough
   */
  Optional<Report> run(Optional<Cursor> reached, long safe, long spent, RunBudget budget) {
    try {
      return choice(reached, safe, spent)
          .filter(range -> budget.allowsAnotherRange())
          .map(range -> read(range, safe, budget));
    } catch (RuntimeException e) {
      String why = failed("Choosing old blocks to read again", e);
      return Optional.of(new Report(Optional.empty(), 0, 0, SuspectReport.NONE, Optional.of(why)));
    }
  }

  private static String failed(String what, RuntimeException e) {
    String why = "%s failed; nothing is lost: %s".formatted(what, e.getMessage());
    LOG.warn("{}", why);
    LOG.debug("{} failed", what, e);
    return why;
  }

  private Optional<BlockRange> choice(Optional<Cursor> reached, long safe, long spent) {
    IndexSettings settings = contract.settings();
    long size = Math.min(BLOCKS, settings.maxBlocksPerRun() - spent);
    long first = settings.startBlock().orElse(0);
    long cursor = reached.map(Cursor::lastBlock).orElse(-1L);
    long last = cursor - settings.overlapBlocks();
    return reached.isPresent() && cursor >= safe && size > 0 && last >= first
        ? pick(ledger.scanned(reached), new BlockRange(first, last), size, ledger.run().id())
        : Optional.empty();
  }

  private Report read(BlockRange range, long safe, RunBudget budget) {
    Optional<BlockRange> rest = Optional.of(range);
    Optional<BlockRange> done = Optional.empty();
    List<SessionEvent> all = new ArrayList<>();
    long found = 0;
    SuspectReport doubted = SuspectReport.NONE;
    int before = ledger.generation();
    try {
      for (int i = 0; i < SLICES && rest.isPresent() && budget.allowsAnotherRange(); i++) {
        int generation = ledger.generation();
        EventReader.Slice slice = events.first(rest.get());
        found += slice.events().isEmpty() ? 0 : store(slice, safe, generation);
        BlockRange read = new BlockRange(range.first(), slice.range().last());
        done = Optional.of(read);
        rest = range.after(read.last());
        all.addAll(slice.events());
        if (rest.isEmpty() || i + 1 == SLICES) {
          // Stored rows of all blocks that were read, whose events were not there.
          doubted =
              suspects.afterScan(
                  new RangeIndexer.Scanned(
                      read,
                      OptionalLong.empty(),
                      slice.end(),
                      all,
                      EnrichedRows.NONE,
                      before,
                      safe));
        }
      }
      return new Report(done, all.size(), found, doubted, Optional.empty());
    } catch (RuntimeException e) {
      String why = failed("Reading old blocks %s again".formatted(range), e);
      return new Report(done, all.size(), found, doubted, Optional.of(why));
    }
  }

  /** Stores what is missing of a slice; how many rows that was. */
  private long store(EventReader.Slice slice, long stateBlock, int generation) {
    long timeBefore = events.timeBefore(slice.range());
    List<SessionEvent> missing = missing(slice, timeBefore);
    if (missing.isEmpty()) {
      return 0;
    }
    EnrichedRows rows = contract.enricher().enrich(missing, stateBlock, generation);
    rows.requireTimes(timeBefore, slice.end());
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

  /**
   * Up to {@code size} covered blocks in a row within {@code among}, the same ones for the same
   * seed; empty when none of them is covered.
   */
  static Optional<BlockRange> pick(Coverage coverage, BlockRange among, long size, String seed) {
    List<BlockRange> old = within(coverage, among);
    long blocks = old.stream().mapToLong(BlockRange::size).sum();
    if (blocks == 0) {
      return Optional.empty();
    }
    long skip = Turn.of(seed, blocks);
    for (BlockRange range : old) {
      if (skip < range.size()) {
        long latestStart = Math.max(range.first(), range.last() - size + 1);
        // Around the picked block, so that an interval's first and last blocks get their turn too.
        long first = Math.max(range.first(), range.first() + skip - size / 2);
        first = Math.min(first, latestStart);
        return Optional.of(new BlockRange(first, range.last()).head(size));
      }
      skip -= range.size();
    }
    throw new IllegalStateException("Block " + skip + " of " + blocks);
  }

  private static List<BlockRange> within(Coverage coverage, BlockRange among) {
    List<BlockRange> cut = new ArrayList<>();
    for (BlockRange range : coverage.ranges()) {
      if (range.overlaps(among)) {
        cut.add(
            new BlockRange(
                Math.max(range.first(), among.first()), Math.min(range.last(), among.last())));
      }
    }
    return cut;
  }
}
