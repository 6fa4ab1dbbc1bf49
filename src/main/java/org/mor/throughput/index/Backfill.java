package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockRange;
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
    List<BlockRange> ranges =
        request.rescan() ? List.of(asked) : ledger.coverage().find().gaps(asked);
    return new BackfillPlan(asked, ranges, heads);
  }

  /** Carries a plan out. */
  public BackfillReport run(BackfillPlan plan, RunBudget budget, ScanListener listener) {
    Optional<Cursor> cursor = ledger.position();
    cursor.ifPresent(found -> CursorGuard.check(chain, found));
    listener.planned(plan.blocks());
    List<ScanReport> scans = new ArrayList<>();
    for (BlockRange range : plan.ranges()) {
      ScanReport scan = indexer.index(range, () -> stateBlock(plan), budget, listener);
      scans.add(scan);
      if (scan.isPartial()) {
        break;
      }
    }
    ledger.letCursorCatchUp(plan.asked(), chain);
    SuspectReport suspects =
        scans.stream()
            .map(ScanReport::suspects)
            .reduce(SuspectReport.NONE, SuspectReport::plus)
            .plus(indexer.lookAgain(stateBlock(plan), budget));
    Optional<Cursor> reached = ledger.position();
    return new BackfillReport(plan, scans, reached, suspects, reached.map(proof::extend));
  }

  /** The safe head by now: a backfill takes longer than some nodes keep the state of a block. */
  private long stateBlock(BackfillPlan plan) {
    return Math.max(plan.heads().safe(), Heads.read(chain, settings).safe());
  }
}
