package org.mor.throughput.index;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.CoverageStore;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.CursorStore;
import org.mor.throughput.archive.MergeReport;
import org.mor.throughput.archive.ModelCatalogStore;
import org.mor.throughput.archive.ModelInfo;
import org.mor.throughput.archive.NetworkId;
import org.mor.throughput.archive.ProofStore;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.Suspect;
import org.mor.throughput.archive.SuspectStore;
import org.mor.throughput.archive.UnsafeReadings;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that is kept, and the order it is written in: every partition of a range is durable
 * before coverage says so, and coverage before the cursor moves.
 */
public final class Ledger {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

  private final RowArchive rows;
  private final ModelCatalogStore models;
  private final CoverageStore coverage;
  private final CursorStore cursor;
  private final ProofStore proof;
  private final SuspectStore suspectStore;
  private final UnsafeReadings unsafeReadings;
  private final NetworkId network;
  private final Run run;
  private final Rewinds rewinds;
  private volatile SuspectStore.@Nullable Known suspects;

  /**
   * The times that the store was rewound.
   *
   * @param to the block that it went back to each time, in order
   */
  public record Rewinds(List<Long> to) {
    public static final Rewinds NONE = new Rewinds(List.of());

    public Rewinds {
      to = List.copyOf(to);
    }

    /** The lowest block it went back to since there were {@code generation} rewinds. */
    long lowestSince(int generation) {
      return to.stream().skip(generation).mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
    }
  }

  /**
   * Who writes.
   *
   * @param id names the run in the cursor
   * @param clock read when the cursor moves, for {@code last_run} only
   */
  public record Run(String id, Supplier<Instant> clock) {}

  public Ledger(
      ObjectStore store, UserPrivacy privacy, CommitRetry retry, NetworkId network, Run run) {
    this(store, privacy, retry, network, run, Rewinds.NONE);
  }

  /** The same for a store that was rewound. */
  public Ledger(
      ObjectStore store,
      UserPrivacy privacy,
      CommitRetry retry,
      NetworkId network,
      Run run,
      Rewinds rewinds) {
    this.rows =
        new RowArchive(store, privacy, retry, (kind, month) -> suspects().superseded(kind, month));
    this.suspectStore = new SuspectStore(store, retry);
    this.rewinds = rewinds;
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

  /** How many rewinds the store has seen: rows that are read now are of this generation. */
  int generation() {
    return rewinds.to().size();
  }

  /** Whether a row was read before a rewind to a block below it, and not since. */
  boolean isOutdated(SessionRow row) {
    return row.position().block() > rewinds.lowestSince(row.generation());
  }

  /** The rows that the chain may no longer have. */
  public SuspectStore.Known suspects() {
    SuspectStore.Known known = suspects;
    if (known == null) {
      known = suspectStore.find();
      suspects = known;
    }
    return known;
  }

  /** Takes rows off the list of suspects and puts others on it. */
  void updateSuspects(Collection<Suspect> settled, Collection<Suspect> found) {
    if (!settled.isEmpty() || !found.isEmpty()) {
      suspects = suspectStore.update(settled, found);
    }
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
        facetChanges,
        SuspectReport.NONE);
  }

  /** Stores rows that were read again, without claiming that any block was scanned. */
  MergeReport merge(EnrichedRows found) {
    found.aboveSafe().ifPresent(unsafeReadings::add);
    MergeReport merged = rows.merge(found.opens(), found.closes());
    if (!found.models().isEmpty()) {
      keepNames(found.models());
    }
    return merged;
  }

  /** Names are for showing: an object of them that cannot be read keeps no row from its place. */
  private void keepNames(List<ModelInfo> found) {
    try {
      models.merge(found);
    } catch (CorruptObjectException e) {
      LOG.warn(
          "Names and tags of {} models were not kept; the rows are stored: {}",
          found.size(),
          e.getMessage());
    }
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
