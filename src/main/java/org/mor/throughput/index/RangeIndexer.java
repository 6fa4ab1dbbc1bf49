package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.Coverage.KeptBlock;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.contract.SessionEvent;

/**
 * Scans blocks in order and commits them range by range: rows first, then coverage, then the
 * cursor. A range is committed when it holds enough events or blocks; killed anywhere, at most one
 * is repeated.
 */
final class RangeIndexer {
  private static final int EVENTS_A_COMMIT = 1_500;
  private static final long BLOCKS_A_COMMIT = 100_000;

  private final EventReader events;
  private final Enricher enricher;
  private final Ledger ledger;
  private final Suspects suspects;
  private ScanReport report = ScanReport.nothingOf(new BlockRange(0, 0));

  RangeIndexer(ChainReader chain, IndexSettings settings, Ledger ledger, Patience patience) {
    this.events = new EventReader(chain, settings.diamond());
    this.enricher = new Enricher(chain, settings.diamond(), settings.chainId(), patience);
    this.ledger = ledger;
    this.suspects = new Suspects(chain, settings, ledger, enricher);
  }

  /** Looks at listed suspects again. */
  SuspectReport lookAgain(long stateBlock, RunBudget budget) {
    return suspects.again(stateBlock, budget);
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
    List<SessionEvent> pending = new ArrayList<>();
    SortedSet<Long> facetChanges = new TreeSet<>();
    long pendingFrom = range.first();
    OptionalLong timeBefore = OptionalLong.empty();
    Optional<BlockRange> rest = Optional.of(range);
    EventReader.@Nullable Slice slice = null;
    // Asked before the logs: what was read before a rewind must not pass for read after it.
    int generation = ledger.generation();
    while (rest.isPresent()) {
      ChainException failure = null;
      try {
        slice = events.first(rest.get(), footing);
        if (timeBefore.isEmpty() && slice.range().first() == pendingFrom) {
          timeBefore = slice.timeBefore();
        }
        pending.addAll(slice.events());
        facetChanges.addAll(slice.facetChanges());
        listener.scanned(slice.range(), slice.events().size());
        rest = rest.get().after(slice.range().last());
      } catch (ChainReorganisedException e) {
        throw e;
      } catch (ChainUnavailableException | ChainContradictionException e) {
        boolean mayCommit = budget.allowsAnotherRange();
        if (slice == null || slice.range().last() < pendingFrom || !mayCommit) {
          throw e;
        }
        failure = e;
      }
      BlockRange scanned = new BlockRange(pendingFrom, slice.range().last());
      boolean mayGoOn = failure == null && budget.allowsAnotherRange();
      if (rest.isEmpty()
          || !mayGoOn
          || pending.size() >= EVENTS_A_COMMIT
          || scanned.size() >= BLOCKS_A_COMMIT) {
        long block = stateBlock.getAsLong();
        EnrichedRows rows = enricher.enrich(pending, block, generation);
        if (!pending.isEmpty()) {
          long after = timeBefore.orElseGet(() -> events.timeBefore(scanned));
          EventTimes.check(rows, after, slice.end());
          timeBefore = OptionalLong.of(after);
        }
        SuspectReport doubted =
            suspects.afterScan(
                new Suspects.Scan(
                    scanned, timeBefore, slice.end(), pending, rows, generation, block));
        report =
            report.plus(commit(scanned, slice.last(), rows, facetChanges, listener).with(doubted));
        timeBefore = OptionalLong.of(slice.end().timestamp());
        pending.clear();
        facetChanges.clear();
        pendingFrom = scanned.last() + 1;
        if (failure != null) {
          throw failure;
        }
        generation = ledger.generation();
        if (!mayGoOn) {
          break;
        }
      }
    }
    return report;
  }

  /** What the last scan committed, also where it threw. */
  ScanReport report() {
    return report;
  }

  private ScanReport commit(
      BlockRange range,
      KeptBlock end,
      EnrichedRows rows,
      SortedSet<Long> facetChanges,
      ScanListener listener) {
    ScanReport committed = ledger.commit(range, end, rows, facetChanges, events::header);
    listener.committed(range, rows.opens().size(), rows.closes().size());
    return committed;
  }
}
