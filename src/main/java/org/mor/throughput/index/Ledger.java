package org.mor.throughput.index;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Supplier;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.CoverageStore;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.CursorStore;
import org.mor.throughput.archive.MergeReport;
import org.mor.throughput.archive.ModelCatalogStore;
import org.mor.throughput.archive.NetworkId;
import org.mor.throughput.archive.ProofStore;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.UnsafeReadings;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.ObjectStore;

/**
 * Everything that is kept, and the order it is written in: every partition of a range is durable
 * before coverage says so, and coverage before the cursor moves.
 */
public final class Ledger {
  private final RowArchive rows;
  private final ModelCatalogStore models;
  private final CoverageStore coverage;
  private final CursorStore cursor;
  private final ProofStore proof;
  private final UnsafeReadings unsafeReadings;
  private final NetworkId network;
  private final Run run;

  /**
   * Who writes.
   *
   * @param id names the run in the cursor
   * @param clock read when the cursor moves, for {@code last_run} only
   */
  public record Run(String id, Supplier<Instant> clock) {}

  public Ledger(
      ObjectStore store, UserPrivacy privacy, CommitRetry retry, NetworkId network, Run run) {
    this.rows = new RowArchive(store, privacy, retry);
    this.models = new ModelCatalogStore(store, retry);
    this.coverage = new CoverageStore(store, retry);
    this.cursor = new CursorStore(store, retry);
    this.proof = new ProofStore(store, retry);
    this.unsafeReadings = new UnsafeReadings(store, retry);
    this.network = network;
    this.run = run;
  }

  public NetworkId network() {
    return network;
  }

  /** What names the run, another one each time. */
  String runId() {
    return run.id();
  }

  public RowArchive rows() {
    return rows;
  }

  public ModelCatalogStore models() {
    return models;
  }

  public CoverageStore coverage() {
    return coverage;
  }

  public CursorStore cursor() {
    return cursor;
  }

  public ProofStore proof() {
    return proof;
  }

  UnsafeReadings unsafeReadings() {
    return unsafeReadings;
  }

  /**
   * Where the store's cursor stands; asked before anything is written or published.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when the store belongs to another
   *     network or contract
   */
  public Optional<Cursor> position() {
    Optional<Cursor> found = cursor.find();
    found.ifPresent(stored -> stored.requireNetwork(network));
    return found;
  }

  ScanReport commit(
      BlockRange range, BlockHeader end, EnrichedRows found, SortedSet<Long> facetChanges) {
    MergeReport merged = merge(found);
    if (!facetChanges.isEmpty()) {
      proof.addFacetChanges(facetChanges);
    }
    coverage.add(range);
    moveCursor(range, end);
    return new ScanReport(
        range,
        Optional.of(range),
        found.opens().size(),
        found.closes().size(),
        merged.opensAdded() + merged.closesAdded(),
        merged.opensChanged() + merged.closesChanged(),
        merged.conflicts(),
        facetChanges);
  }

  /** Stores rows that were read again, without claiming that any block was scanned. */
  MergeReport merge(EnrichedRows found) {
    found.aboveSafe().ifPresent(unsafeReadings::add);
    MergeReport merged = rows.merge(found.opens(), found.closes());
    if (!found.models().isEmpty()) {
      models.merge(found.models());
    }
    return merged;
  }

  /**
   * Moves the cursor to the end of the covered blocks around {@code range}, where a run that was
   * killed between the two writes left it behind.
   */
  void letCursorCatchUp(BlockRange range, ChainReader chain) {
    Optional<BlockRange> covered =
        coverage.find().ranges().stream().filter(range::overlaps).reduce((first, last) -> last);
    if (covered.isPresent() && goesBeyondCursor(covered.get())) {
      chain.header(covered.get().last()).ifPresent(header -> moveCursor(covered.get(), header));
    }
  }

  private boolean goesBeyondCursor(BlockRange range) {
    return cursor.find().map(stored -> stored.lastBlock() < range.last()).orElse(true);
  }

  /** The cursor itself refuses to jump over a gap or to go back. */
  private void moveCursor(BlockRange range, BlockHeader end) {
    if (goesBeyondCursor(range)) {
      cursor.advance(range, end, network, run.clock().get(), run.id());
    }
  }
}
