package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ChainUnavailableException;
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
   * @param stateBlock the block that a commit's sessions are read at, at or above the range's end;
   *     asked once a commit
   * @throws ChainUnavailableException when blocks cannot be read; those before are committed
   */
  ScanReport index(
      BlockRange range, LongSupplier stateBlock, RunBudget budget, ScanListener listener) {
    ScanReport report = ScanReport.nothingOf(range);
    List<SessionEvent> pending = new ArrayList<>();
    SortedSet<Long> facetChanges = new TreeSet<>();
    long pendingFrom = range.first();
    OptionalLong timeBefore = OptionalLong.empty();
    Optional<BlockRange> rest = Optional.of(range);
    EventReader.@Nullable Slice slice = null;
    // Asked before the logs: what was read before a rewind must not pass for read after it.
    int generation = ledger.generation();
    while (rest.isPresent()) {
      ChainUnavailableException failure = null;
      try {
        slice = events.first(rest.get());
        pending.addAll(slice.events());
        facetChanges.addAll(slice.facetChanges());
        listener.scanned(slice.range(), slice.events().size());
        rest = rest.get().after(slice.range().last());
      } catch (ChainUnavailableException e) {
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
            report.plus(commit(scanned, slice.end(), rows, facetChanges, listener).with(doubted));
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

  private ScanReport commit(
      BlockRange range,
      BlockHeader end,
      EnrichedRows rows,
      SortedSet<Long> facetChanges,
      ScanListener listener) {
    ScanReport committed = ledger.commit(range, end, rows, facetChanges);
    listener.committed(range, rows.opens().size(), rows.closes().size());
    return committed;
  }
}
