package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.mor.throughput.archive.RowArchive.MergeReport;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.contract.SessionEvent.Kind;

/**
 * Reads blocks again that count as scanned, and stores the rows that are missing of them. One
 * question to the chain may serve many of the blocks, and one reading of state many sessions.
 */
final class MissingScan {
  private static final int EVENTS_A_MERGE = 1_500;

  /**
   * An endpoint may answer so many blocks at once. Where there are many ranges, those within so
   * many blocks share a question, though what lies between is read in vain.
   */
  private static final long AT_ONCE = 50_000;

  private final ContractReader contract;
  private final Ledger ledger;
  private final StateProofRun proofs;
  private final RowTally rows;
  private final MissingBlocks places;
  private final long stateBlock;
  private final int generation;
  private final ScanListener listener;
  private final SortedSet<Long> facetChanges = new TreeSet<>();
  private final List<Part> pending = new ArrayList<>();
  private Optional<BlockHeader> lastEnd = Optional.empty();
  private long added;

  /** The missing events of a slice, between a time and a block. */
  private record Part(List<SessionEvent> events, long timeBefore, BlockHeader end) {}

  /**
   * @param proofs judges rows before they are stored
   * @param rows what is stored
   * @param places found the blocks
   * @param stateBlock whose state sessions are read at; at or above all blocks that are read
   */
  MissingScan(
      ContractReader contract,
      Ledger ledger,
      StateProofRun proofs,
      RowTally rows,
      MissingBlocks places,
      long stateBlock,
      ScanListener listener) {
    this.contract = contract;
    this.ledger = ledger;
    this.proofs = proofs;
    this.rows = rows;
    this.places = places;
    this.stateBlock = stateBlock;
    // Asked before the logs: what was read before a rewind must not pass for read after it.
    this.generation = ledger.generation();
    this.listener = listener;
  }

  /**
   * Reads {@code ranges}, which are in order and apart.
   *
   * @return how many rows are stored now and were not
   */
  long run(List<BlockRange> ranges) {
    listener.planned(ranges.stream().mapToLong(BlockRange::size).sum());
    long read = -1;
    for (int i = 0; i < ranges.size(); i++) {
      Optional<BlockRange> rest = ranges.get(i).after(read);
      while (rest.isPresent()) {
        read = read(new BlockRange(rest.get().first(), endOfQuestion(ranges, i, rest.get())));
        rest = ranges.get(i).after(read);
      }
    }
    store();
    if (!facetChanges.isEmpty()) {
      ledger.proof().addFacetChanges(facetChanges, generation);
    }
    return added;
  }

  /** Where the last of the ranges ends that one question may reach. */
  private static long endOfQuestion(List<BlockRange> ranges, int index, BlockRange from) {
    long last = from.last();
    for (int i = index + 1;
        ranges.size() > MissingBlocks.FEW
            && i < ranges.size()
            && ranges.get(i).last() - from.first() < AT_ONCE;
        i++) {
      last = ranges.get(i).last();
    }
    return last;
  }

  /** Reads the first blocks of a range; the last one that was read. */
  private long read(BlockRange range) {
    EventReader.Slice slice = contract.events().first(range);
    List<SessionEvent> missing = slice.events().stream().filter(this::isMissing).toList();
    facetChanges.addAll(slice.facetChanges());
    listener.scanned(slice.range(), slice.events().size());
    if (!missing.isEmpty()) {
      pending.add(new Part(missing, timeBefore(slice.range()), slice.end()));
    }
    lastEnd = Optional.of(slice.end());
    if (pending.stream().mapToInt(part -> part.events.size()).sum() >= EVENTS_A_MERGE) {
      store();
    }
    return slice.range().last();
  }

  private long timeBefore(BlockRange range) {
    return lastEnd
        .filter(end -> end.number() + 1 == range.first())
        .map(BlockHeader::timestamp)
        .orElseGet(() -> places.timeBefore(range));
  }

  private boolean isMissing(SessionEvent event) {
    return event.kind() == Kind.OPENED
        ? !rows.hasOpen(event.sessionId())
        : !rows.hasClose(event.sessionId());
  }

  private void store() {
    List<SessionEvent> all = pending.stream().flatMap(part -> part.events.stream()).toList();
    if (all.isEmpty()) {
      return;
    }
    EnrichedRows found = contract.enricher().enrich(all, stateBlock, generation);
    for (Part part : pending) {
      long first = part.events.get(0).position().block();
      found
          .within(new BlockRange(first, part.end.number()))
          .requireTimes(part.timeBefore, part.end);
    }
    proofs.requireProven(found.rows(), stateBlock);
    MergeReport merged = ledger.merge(found);
    added += merged.opensAdded() + merged.closesAdded();
    BlockRange span =
        new BlockRange(all.get(0).position().block(), all.get(all.size() - 1).position().block());
    listener.committed(span, found.opens().size(), found.closes().size());
    pending.clear();
  }
}
