package org.mor.throughput.index;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.chain.ChainReader;

/**
 * Scans history. What coverage already holds is passed over unless a rescan is asked for, so a
 * backfill that was interrupted goes on where it was.
 */
public final class Backfill {
  private final ChainReader chain;
  private final IndexSettings settings;
  private final Ledger ledger;
  private final RangeIndexer indexer;
  private final ProofRun proof;

  public Backfill(ChainReader chain, IndexSettings settings, Ledger ledger, Patience patience) {
    this.chain = chain;
    this.settings = settings;
    this.ledger = ledger;
    this.indexer = new RangeIndexer(chain, settings, ledger, patience);
    this.proof = new ProofRun(chain, settings, ledger, patience);
  }

  /**
   * What there is to scan: the request cut at the safe head, without what is covered already.
   *
   * @throws BadRequestException when the range starts behind the safe head
   */
  public BackfillPlan plan(BackfillRequest request) {
    Heads heads = Heads.read(chain, settings);
    long last = Math.min(request.endBlock().orElse(heads.safe()), heads.safe());
    if (request.startBlock() > last) {
      throw new BadRequestException(
          "Start block %d lies behind the last block that may be indexed, %d (newest block %d): give an earlier start block, or wait."
              .formatted(request.startBlock(), last, heads.latest().number()));
    }
    BlockRange asked = new BlockRange(request.startBlock(), last);
    Coverage scanned = ledger.coverage().find();
    List<BlockRange> ranges = request.rescan() ? List.of(asked) : scanned.gaps(asked);
    return new BackfillPlan(asked, ranges, heads, scanned);
  }

  /** Carries a plan out, and what a rewind has added to it since. */
  public BackfillReport run(BackfillPlan plan, RunBudget budget, ScanListener listener) {
    Healing healing = new Healing(chain, ledger);
    List<ScanReport> scans = new ArrayList<>();
    BackfillPlan now = plan;
    Deque<BlockRange> left = new ArrayDeque<>(plan.ranges());
    listener.planned(plan.blocks());
    while (true) {
      Optional<Cursor> cursor = healing.settle();
      if (now.scanned().generation() != ledger.generation()) {
        now = now.after(ledger.scanned(cursor));
        left = new ArrayDeque<>(now.ranges());
        listener.planned(now.blocks());
      }
      try {
        scan(now, left, cursor, budget, listener, scans);
        ledger.letCursorCatchUp(now.asked(), chain);
        SuspectReport suspects =
            scans.stream()
                .map(ScanReport::suspects)
                .reduce(SuspectReport.NONE, SuspectReport::plus)
                .plus(indexer.lookAgain(stateBlock(now), budget));
        Optional<Cursor> reached = ledger.position();
        return new BackfillReport(
            now,
            scans,
            !left.isEmpty(),
            reached,
            suspects,
            reached.map(proof::extend),
            healing.rewound());
      } catch (ChainReorganisedException e) {
        healing.interrupted(e);
      }
    }
  }

  /** Scans range by range; what was not scanned for want of time stays in {@code left}. */
  private void scan(
      BackfillPlan plan,
      Deque<BlockRange> left,
      Optional<Cursor> cursor,
      RunBudget budget,
      ScanListener listener,
      List<ScanReport> scans) {
    boolean goesOn = true;
    while (goesOn && !left.isEmpty()) {
      BlockRange range = left.remove();
      EventReader.Footing footing = EventReader.Footing.of(range, cursor, plan.scanned());
      try {
        goesOn =
            !indexer.index(range, footing, () -> stateBlock(plan), budget, listener).isPartial();
      } finally {
        ScanReport report = indexer.report();
        scans.add(report);
        report
            .done()
            .map(done -> range.after(done.last()))
            .orElse(Optional.of(range))
            .ifPresent(left::addFirst);
      }
    }
  }

  /** The safe head by now: a backfill takes longer than some nodes keep the state of a block. */
  private long stateBlock(BackfillPlan plan) {
    return Math.max(plan.heads().safe(), Heads.read(chain, settings).safe());
  }
}
