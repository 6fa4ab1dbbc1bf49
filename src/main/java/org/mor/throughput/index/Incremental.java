package org.mor.throughput.index;

import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.chain.ChainReader;

/** Scans what is new behind the cursor, and the overlap before it once more. */
public final class Incremental {
  private final ChainReader chain;
  private final IndexSettings settings;
  private final Ledger ledger;
  private final RangeIndexer indexer;

  public Incremental(ChainReader chain, IndexSettings settings, Ledger ledger, Patience patience) {
    this.chain = chain;
    this.settings = settings;
    this.ledger = ledger;
    this.indexer = new RangeIndexer(chain, settings, ledger, patience);
  }

  public IncrementalReport run(RunBudget budget, ScanListener listener) {
    Heads heads = Heads.read(chain, settings);
    Healing healing = new Healing(chain, ledger);
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
        SuspectReport again = indexer.lookAgain(heads.safe(), budget);
        return new IncrementalReport(
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
    return range.first() > settings.startBlock().orElse(0);
  }

  private Optional<BlockRange> range(Optional<Cursor> cursor, Heads heads) {
    OptionalLong block =
        cursor.map(found -> OptionalLong.of(found.lastBlock())).orElse(OptionalLong.empty());
    return ScanPlan.incremental(block, heads.safe(), settings);
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
