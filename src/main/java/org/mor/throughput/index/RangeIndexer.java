package org.mor.throughput.index;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.contract.SessionEvent;

/**
 * Scans blocks in order and commits them range by range: rows first, then coverage, then the
 * cursor. A range is committed when it has taken long enough or holds enough rows; killed anywhere,
 * at most one is repeated. Rows are made of events while later blocks are read.
 */
final class RangeIndexer {
  /** So many events share the reading of their sessions. */
  private static final int EVENTS_AT_ONCE = 1_500;

  private static final Duration LONGEST = Duration.ofSeconds(25);
  private static final long MOST_BYTES = 64 << 20;

  /** A row as a line; a close has about 900. */
  private static final long ROW_BYTES = 1_000;

  /**
   * Blocks that were read and are not committed yet.
   *
   * @param timeBefore the time of the block before them in Unix seconds; empty where not asked
   * @param end their last block
   * @param events what was found in them
   * @param fresh the rows made of events, of all or of some
   * @param generation of the store before they were read
   * @param stateBlock where {@code fresh} was read, at or above the range
   */
  record Scanned(
      BlockRange range,
      OptionalLong timeBefore,
      BlockHeader end,
      List<SessionEvent> events,
      EnrichedRows fresh,
      int generation,
      long stateBlock) {}

  private final EventReader events;
  private final Enricher enricher;
  private final Ledger ledger;
  private final Function<Scanned, SuspectReport> beforeCommit;
  private final long mostBytes;
  private ScanReport report = ScanReport.nothingOf(new BlockRange(0, 0));

  /**
   * @param beforeCommit looks at the rows that are stored of the same blocks
   */
  RangeIndexer(
      ContractReader contract, Ledger ledger, Function<Scanned, SuspectReport> beforeCommit) {
    this(contract, ledger, beforeCommit, MOST_BYTES);
  }

  /** The same, committing when other rows than usual wait. */
  RangeIndexer(
      ContractReader contract,
      Ledger ledger,
      Function<Scanned, SuspectReport> beforeCommit,
      long mostBytes) {
    this.events = contract.events();
    this.enricher = contract.enricher();
    this.ledger = ledger;
    this.beforeCommit = beforeCommit;
    this.mostBytes = mostBytes;
  }

  /** What was read since the last commit: blocks whose rows are made, and blocks behind them. */
  private final class Pending {
    private final long first;
    private final LongSupplier safeHead;
    private final Instant since = ledger.run().clock().get();
    private final List<SessionEvent> events = new ArrayList<>();
    private final SortedSet<Long> facetChanges = new TreeSet<>();
    private final List<EventReader.Slice> waiting = new ArrayList<>();
    private EnrichedRows rows = EnrichedRows.NONE;
    private EventReader.@Nullable Slice last;
    private OptionalLong timeBefore;
    private OptionalLong stateBlock = OptionalLong.empty();

    Pending(long first, OptionalLong timeBefore, LongSupplier safeHead) {
      this.first = first;
      this.timeBefore = timeBefore;
      this.safeHead = safeHead;
    }

    void add(EventReader.Slice slice) {
      if (timeBefore.isEmpty() && last == null && waiting.isEmpty()) {
        timeBefore = slice.timeBefore();
      }
      waiting.add(slice);
      if (waitingEvents() >= EVENTS_AT_ONCE) {
        makeRows();
      }
    }

    private long waitingEvents() {
      return waiting.stream().mapToLong(slice -> slice.events().size()).sum();
    }

    boolean isEmpty() {
      return last == null && waiting.isEmpty();
    }

    boolean isFull() {
      return (events.size() + waitingEvents()) * ROW_BYTES >= mostBytes
          || !ledger.run().clock().get().isBefore(since.plus(LONGEST));
    }

    /** Where it throws, the blocks that were waiting are forgotten, and those before them stay. */
    void makeRows() {
      List<EventReader.Slice> slices = List.copyOf(waiting);
      waiting.clear();
      if (slices.isEmpty()) {
        return;
      }
      List<SessionEvent> found = slices.stream().flatMap(slice -> slice.events().stream()).toList();
      EventReader.Slice end = slices.get(slices.size() - 1);
      if (!found.isEmpty()) {
        EnrichedRows fresh = enricher.enrich(found, stateBlock(), ledger.generation());
        fresh.requireTimes(timeBefore(slices.get(0)), end.end());
        rows = rows.plus(fresh);
        events.addAll(found);
      }
      slices.forEach(slice -> facetChanges.addAll(slice.facetChanges()));
      last = end;
    }

    private long timeBefore(EventReader.Slice slice) {
      if (last != null) {
        return last.end().timestamp();
      }
      long time = timeBefore.orElseGet(() -> RangeIndexer.this.events.timeBefore(slice.range()));
      timeBefore = OptionalLong.of(time);
      return time;
    }

    /** The same for all rows, so that a session that opened and closed is read once. */
    long stateBlock() {
      if (stateBlock.isEmpty()) {
        stateBlock = OptionalLong.of(safeHead.getAsLong());
      }
      return stateBlock.getAsLong();
    }
  }

  /**
   * Scans and commits {@code range}, or as much of it as the budget allows.
   *
   * @param footing what the blocks before the range are known by
   * @param stateBlock the block that a commit's sessions are read at, at or above the range's end;
   *     asked once a commit
   * @throws ChainUnavailableException when blocks cannot be read; those before are committed
   * @throws org.mor.throughput.chain.ChainException.ChainReorganisedException when the chain
   *     changes meanwhile; {@link #report} says what was committed before
   */
  ScanReport index(
      BlockRange range,
      EventReader.Footing footing,
      LongSupplier stateBlock,
      RunBudget budget,
      ScanListener listener) {
    report = ScanReport.nothingOf(range);
    Pending pending = new Pending(range.first(), OptionalLong.empty(), stateBlock);
    try (EventReader.Scan scan = events.scan(range, footing)) {
      Optional<BlockRange> rest = Optional.of(range);
      boolean mayGoOn = true;
      while (rest.isPresent() && mayGoOn) {
        ChainException failure = null;
        try {
          EventReader.Slice slice = scan.next();
          listener.scanned(slice.range(), slice.events().size());
          rest = range.after(slice.range().last());
          pending.add(slice);
        } catch (ChainReorganisedException e) {
          throw e;
        } catch (ChainUnavailableException | ChainContradictionException e) {
          boolean mayCommit = budget.allowsCommit();
          if (pending.isEmpty() || !mayCommit) {
            throw e;
          }
          failure = e;
        }
        mayGoOn = failure == null && budget.allowsAnotherRange();
        if (rest.isEmpty() || !mayGoOn || pending.isFull()) {
          pending = commit(pending, listener);
        }
        if (failure != null) {
          throw failure;
        }
      }
    }
    return report;
  }

  /** What the last scan committed, also where it threw. */
  ScanReport report() {
    return report;
  }

  /** Commits the blocks whose rows can be made, and throws where those of the last ones cannot. */
  private Pending commit(Pending pending, ScanListener listener) {
    ChainException failure = null;
    try {
      pending.makeRows();
    } catch (ChainReorganisedException e) {
      throw e;
    } catch (ChainUnavailableException | ChainContradictionException e) {
      if (pending.last == null) {
        throw e;
      }
      failure = e;
    }
    EventReader.Slice last = Objects.requireNonNull(pending.last);
    BlockRange range = new BlockRange(pending.first, last.range().last());
    SuspectReport doubted =
        beforeCommit.apply(
            new Scanned(
                range,
                pending.timeBefore,
                last.end(),
                pending.events,
                pending.rows,
                ledger.generation(),
                pending.stateBlock()));
    ScanReport committed =
        ledger.commit(range, last.last(), pending.rows, pending.facetChanges, events::header);
    listener.committed(range, pending.rows.opens().size(), pending.rows.closes().size());
    report = report.plus(committed.with(doubted));
    if (failure != null) {
      throw failure;
    }
    return new Pending(range.last() + 1, OptionalLong.of(last.end().timestamp()), pending.safeHead);
  }
}
