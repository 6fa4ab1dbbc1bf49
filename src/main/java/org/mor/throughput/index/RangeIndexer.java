package org.mor.throughput.index;

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
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.index.EventReader.Slice;

/**
 * Scans blocks in order and commits them range by range: rows first, then coverage, then the
 * cursor. A range is committed when it holds enough events or blocks; killed anywhere, at most one
 * is repeated.
 */
final class RangeIndexer {
  private static final int EVENTS_A_COMMIT = 1_500;
  private static final long BLOCKS_A_COMMIT = 100_000;

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
  private ScanReport report = ScanReport.nothingOf(new BlockRange(0, 0));

  /**
   * @param beforeCommit looks at the rows that are stored of the same blocks
   */
  RangeIndexer(
      ContractReader contract, Ledger ledger, Function<Scanned, SuspectReport> beforeCommit) {
    this.events = contract.events();
    this.enricher = contract.enricher();
    this.ledger = ledger;
    this.beforeCommit = beforeCommit;
  }

  /** What was read since the last commit. */
  private static final class Pending {
    private final long first;
    // Asked before the logs: what was read before a rewind must not pass for read after it.
    private final int generation;
    private final List<SessionEvent> events = new ArrayList<>();
    private final SortedSet<Long> facetChanges = new TreeSet<>();
    private OptionalLong timeBefore;
    private EventReader.@Nullable Slice last;

    Pending(long first, OptionalLong timeBefore, int generation) {
      this.first = first;
      this.timeBefore = timeBefore;
      this.generation = generation;
    }

    void add(EventReader.Slice slice) {
      if (timeBefore.isEmpty() && last == null) {
        timeBefore = slice.timeBefore();
      }
      events.addAll(slice.events());
      facetChanges.addAll(slice.facetChanges());
      last = slice;
    }

    boolean isFull() {
      return events.size() >= EVENTS_A_COMMIT
          || (last != null && last.range().last() - first + 1 >= BLOCKS_A_COMMIT);
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
    Pending pending = new Pending(range.first(), OptionalLong.empty(), ledger.generation());
    Optional<BlockRange> rest = Optional.of(range);
    boolean mayGoOn = true;
    while (rest.isPresent() && mayGoOn) {
      ChainException failure = null;
      try {
        EventReader.Slice slice = events.first(rest.get(), footing);
        pending.add(slice);
        listener.scanned(slice.range(), slice.events().size());
        rest = rest.get().after(slice.range().last());
      } catch (ChainReorganisedException e) {
        throw e;
      } catch (ChainUnavailableException | ChainContradictionException e) {
        boolean mayCommit = budget.allowsAnotherRange();
        if (pending.last == null || !mayCommit) {
          throw e;
        }
        failure = e;
      }
      mayGoOn = failure == null && budget.allowsAnotherRange();
      if (rest.isEmpty() || !mayGoOn || pending.isFull()) {
        pending = commit(pending, stateBlock.getAsLong(), listener);
      }
      if (failure != null) {
        throw failure;
      }
    }
    return report;
  }

  /** What the last scan committed, also where it threw. */
  ScanReport report() {
    return report;
  }

  private Pending commit(Pending pending, long stateBlock, ScanListener listener) {
    EventReader.Slice last = Objects.requireNonNull(pending.last);
    BlockRange range = new BlockRange(pending.first, last.range().last());
    EnrichedRows rows = enricher.enrich(pending.events, stateBlock, pending.generation);
    if (!pending.events.isEmpty()) {
      long time = pending.timeBefore.orElseGet(() -> events.timeBefore(range));
      rows.requireTimes(time, last.end());
      pending.timeBefore = OptionalLong.of(time);
    }
    SuspectReport doubted =
        beforeCommit.apply(
            new Scanned(
                range,
                pending.timeBefore,
                last.end(),
                pending.events,
                rows,
                pending.generation,
                stateBlock));
    ScanReport committed =
        ledger.commit(range, last.last(), rows, pending.facetChanges, events::header);
    listener.committed(range, rows.opens().size(), rows.closes().size());
    report = report.plus(committed.with(doubted));
    return new Pending(
        range.last() + 1, OptionalLong.of(last.end().timestamp()), ledger.generation());
  }
}
