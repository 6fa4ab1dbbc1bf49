package org.mor.throughput.index;

import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;

/** Scans what is new behind the cursor, and the overlap before it once more. */
public final class Incremental {
  private final ContractReader contract;
  private final Ledger ledger;
  private final Suspects suspects;
  private final RangeIndexer indexer;

  public Incremental(ContractReader contract, Ledger ledger) {
    this.contract = contract;
    this.ledger = ledger;
    this.suspects = new Suspects(contract, ledger);
    this.indexer = new RangeIndexer(contract, ledger, suspects::afterScan);
  }

  /**
   * What a scheduled scan did.
   *
   * @param historyNeedsBackfill whether there was no cursor and the run did not start at the start
   *     block, so that blocks before the planned range are left to a backfill
   * @param planned the blocks there were to scan; empty when nothing is new
   * @param scan what was scanned; empty when nothing was
   * @param cursor the cursor afterwards
   * @param suspects what became of stored rows that were not found again, in this run or before
   * @param rewound what the run went back by first, because the chain was reorganised; empty where
   *     it was not
   */
  public record Report(
      Heads heads,
      boolean historyNeedsBackfill,
      Optional<BlockRange> planned,
      Optional<ScanReport> scan,
      Optional<Cursor> cursor,
      SuspectReport suspects,
      Optional<Rewinding.Done> rewound) {

    /** Whether the run stopped early for want of time. */
    public boolean isPartial() {
      return planned.isPresent() && scan.map(ScanReport::isPartial).orElse(true);
    }

    /** How many blocks were scanned. */
    long blocks() {
      return scan.flatMap(ScanReport::done).map(BlockRange::size).orElse(0L);
    }

    /** How many blocks the cursor is behind the newest block; empty without a cursor. */
    public Optional<Long> lagBlocks() {
      return cursor.map(stored -> Math.max(0, heads.latest().number() - stored.lastBlock()));
    }
  }

  public Report run(RunBudget budget, ScanListener listener) {
    Heads heads = contract.heads();
    Healing healing = new Healing(contract, ledger);
    Optional<ScanReport> earlier = Optional.empty();
    while (true) {
      Optional<Cursor> before = healing.settle();
      Optional<BlockRange> range = range(before, heads);
      range.ifPresent(asked -> listener.planned(asked.size()));
      try {
        Optional<ScanReport> scan =
            after(
                earlier,
                range
                    .filter(asked -> budget.allowsAnotherRange())
                    .map(asked -> scan(asked, before, heads, budget, listener)));
        SuspectReport again = suspects.again(heads.safe(), budget);
        return new Report(
            heads,
            before.isEmpty() && range.filter(this::startsLater).isPresent(),
            range,
            scan,
            ledger.position(),
            scan.map(ScanReport::suspects).orElse(SuspectReport.NONE).plus(again),
            healing.rewound());
      } catch (ChainReorganisedException e) {
        healing.interrupted(e);
        earlier = after(earlier, Optional.of(indexer.report()));
      }
    }
  }

  private boolean startsLater(BlockRange range) {
    return range.first() > contract.settings().startBlock().orElse(0);
  }

  private Optional<BlockRange> range(Optional<Cursor> cursor, Heads heads) {
    OptionalLong block =
        cursor.map(found -> OptionalLong.of(found.lastBlock())).orElse(OptionalLong.empty());
    return ScanPlan.incremental(block, heads.safe(), contract.settings());
  }

  private ScanReport scan(
      BlockRange range,
      Optional<Cursor> cursor,
      Heads heads,
      RunBudget budget,
      ScanListener listener) {
    EventReader.Footing footing = EventReader.Footing.of(range, cursor, Coverage.NONE);
    return indexer.index(range, footing, heads::safe, budget, listener);
  }

  private static Optional<ScanReport> after(
      Optional<ScanReport> earlier, Optional<ScanReport> scan) {
    return scan.map(done -> earlier.map(done::after).orElse(done)).or(() -> earlier);
  }
}
