package org.mor.throughput.index;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Coverage.KeptBlock;
import org.mor.throughput.archive.CoverageStore;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.archive.CursorStore;
import org.mor.throughput.archive.ModelCatalogStore;
import org.mor.throughput.archive.OpenSessionStore;
import org.mor.throughput.archive.ProofStore;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.RowArchive.MergeReport;
import org.mor.throughput.archive.StateProofStore;
import org.mor.throughput.archive.Suspect;
import org.mor.throughput.archive.SuspectStore;
import org.mor.throughput.archive.UnsafeReadings;
import org.mor.throughput.base.Patience;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.ObjectStore;

/**
 * Everything that is kept, and the order it is written in: every partition of a range is durable
 * before coverage says so, and coverage before the cursor moves. A rewind goes the other way: the
 * cursor moves back first and says that coverage and proof are to be cut, which every run that
 * finds it so does before anything else.
 */
public final class Ledger {
  private final RowArchive rows;
  private final ModelCatalogStore models;
  private final CoverageStore coverage;
  private final CursorStore cursor;
  private final ProofStore proof;
  private final StateProofStore stateProof;
  private final OpenSessionStore openSessions;
  private final SuspectStore suspectStore;
  private final UnsafeReadings unsafeReadings;
  private final NetworkId network;
  private final Run run;
  private final Rewinding rewinding;
  private boolean begun;
  private Optional<Cursor> began = Optional.empty();
  private volatile SuspectStore.@Nullable Known suspects;
  private OneChain oneChain = new OneChain(-1);

  /**
   * Who writes.
   *
   * @param id names the run in the cursor
   * @param clock read when the cursor moves, for {@code last_run}, and to commit now and then
   * @param tally counts what is written; without one nobody asks how long the run took
   */
  public record Run(String id, Supplier<Instant> clock, RunTally tally) {
    public Run(String id, Supplier<Instant> clock) {
      this(id, clock, new RunTally(() -> 0));
    }
  }

  public Ledger(
      ObjectStore store, UserPrivacy privacy, Patience retry, NetworkId network, Run run) {
    this.rows =
        new RowArchive(store, privacy, retry, (kind, month) -> suspects().superseded(kind, month));
    this.suspectStore = new SuspectStore(store, retry);
    this.models = new ModelCatalogStore(store, retry);
    this.coverage = new CoverageStore(store, retry);
    this.cursor = new CursorStore(store, retry);
    this.proof = new ProofStore(store, retry);
    this.stateProof = new StateProofStore(store, retry);
    this.openSessions = new OpenSessionStore(store, retry);
    this.unsafeReadings = new UnsafeReadings(store, retry);
    this.network = network;
    this.run = run;
    this.rewinding = new Rewinding(cursor, coverage, proof, network, run);
  }

  public NetworkId network() {
    return network;
  }

  /** Whether a row was read before a rewind to a block below it, and not since. */
  boolean isOutdated(SessionRow row) {
    generation();
    return began
        .map(at -> at.rewoundSince(row.generation()))
        .map(to -> to.isPresent() && row.position().block() > to.getAsLong())
        .orElse(false);
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

  /** Who writes. */
  Run run() {
    return run;
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

  StateProofStore stateProof() {
    return stateProof;
  }

  OpenSessionStore openSessions() {
    return openSessions;
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
    found.ifPresent(run.tally()::standsAt);
    return found;
  }

  /**
   * Where a run that writes starts from. Finishes a rewind that was left unfinished, and remembers
   * the generation: nothing that this run read counts as scanned once the store is rewound again.
   */
  Optional<Cursor> begin() {
    beginAt(position().map(rewinding::finish));
    return began;
  }

  private void beginAt(Optional<Cursor> found) {
    began = found;
    begun = true;
    oneChain = new OneChain(found.map(Cursor::lastBlock).orElse(-1L));
  }

  /** How often the store had been rewound when this run began. */
  public int generation() {
    if (!begun) {
      beginAt(position());
    }
    return began.map(Cursor::generation).orElse(0);
  }

  /** The blocks that count as scanned beside a cursor. */
  public Coverage scanned(Optional<Cursor> at) {
    Coverage found = coverage.find();
    return at.map(found::in).orElse(found);
  }

  /**
   * Goes back to a block, unless the store has been rewound since {@code seen} was read.
   *
   * @param to the last block that is kept; the cursor does not move where it is lower
   * @param header its header; empty where nobody knows it
   * @param scanned the coverage as it is stored; where it has nothing up to {@code to} the cursor
   *     keeps no hash, since nothing stands on that block and it may change
   * @return the cursor as it is stored now
   */
  Cursor rewind(Cursor seen, long to, Optional<BlockHeader> header, Coverage scanned) {
    Cursor now = rewinding.begin(seen, to, header, scanned);
    beginAt(Optional.of(now));
    run.tally().standsAt(now);
    return now;
  }

  /**
   * @param end the range's last block, and the host that gave it
   * @param headers the chain's blocks now; asked only where another run has scanned blocks that
   *     join the range since this one began
   * @throws ChainReorganisedException when one of the two scanned a chain that is gone: rows of
   *     both are stored, and the cursor was not moved
   */
  ScanReport commit(
      BlockRange range,
      KeptBlock end,
      EnrichedRows found,
      SortedSet<Long> facetChanges,
      LongFunction<Optional<BlockHeader>> headers) {
    int generation = generation();
    MergeReport merged = merge(found);
    if (!facetChanges.isEmpty()) {
      proof.addFacetChanges(facetChanges, generation);
    }
    Coverage scanned =
        coverage.add(
            range,
            began,
            Optional.of(end),
            next -> next.keeping(oneChain.contradictions(next, range.last(), headers)));
    oneChain.require(scanned, range, scanned, this::position);
    run.tally().committed(range);
    moveCursor(range, end.header());
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
    MergeReport merged = run.tally().merged(rows.merge(found.opens(), found.closes()));
    if (!found.models().isEmpty()) {
      int generation = generation();
      models.keep(found.models().stream().map(model -> model.in(generation)).toList());
    }
    return merged;
  }

  /**
   * Moves the cursor to the end of the covered blocks around {@code range}, where a run that was
   * killed between the two writes left it behind.
   *
   * @throws ChainReorganisedException when the chain has another block than was scanned there
   */
  void letCursorCatchUp(BlockRange range, ChainReader chain) {
    Coverage scanned = scanned(began);
    Optional<BlockRange> covered =
        scanned.ranges().stream().filter(range::overlaps).reduce((first, last) -> last);
    if (covered.isPresent()) {
      List<KeptBlock> now = oneChain.contradictions(scanned, covered.get().last(), chain::header);
      oneChain.require(scanned, covered.get(), scanned.keeping(now), this::position);
    }
    if (covered.isPresent() && goesBeyondCursor(covered.get())) {
      // As it was scanned: should the chain change now, the next run sees it by this hash.
      scanned.kept().stream()
          .map(KeptBlock::header)
          .filter(header -> header.number() == covered.get().last())
          .findFirst()
          .or(() -> chain.header(covered.get().last()))
          .ifPresent(header -> moveCursor(covered.get(), header));
    }
  }

  private boolean goesBeyondCursor(BlockRange range) {
    return cursor.find().map(stored -> stored.lastBlock() < range.last()).orElse(true);
  }

  /** The cursor itself refuses to jump over a gap or to go back. */
  private void moveCursor(BlockRange range, BlockHeader end) {
    if (goesBeyondCursor(range)) {
      Instant now = run.clock().get();
      run.tally().standsAt(cursor.advance(range, end, network, generation(), now, run.id()));
    }
  }
}
