package org.mor.throughput.index;

import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockRange;
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
    Optional<Cursor> before = ledger.position();
    before.ifPresent(cursor -> CursorGuard.check(chain, cursor));
    OptionalLong cursorBlock =
        before.map(cursor -> OptionalLong.of(cursor.lastBlock())).orElse(OptionalLong.empty());
    Optional<BlockRange> range = ScanPlan.incremental(cursorBlock, heads.safe(), settings);
    range.ifPresent(asked -> listener.planned(asked.size()));
    Optional<ScanReport> scan =
        range
            .filter(asked -> budget.allowsAnotherRange())
            .map(asked -> indexer.index(asked, heads::safe, budget, listener));
    SuspectReport again = indexer.lookAgain(heads.safe(), budget);
    boolean historyMissing = before.isEmpty() && range.filter(this::startsLater).isPresent();
    return new IncrementalReport(
        heads,
        historyMissing,
        range,
        scan,
        ledger.position(),
        scan.map(ScanReport::suspects).orElse(SuspectReport.NONE).plus(again));
  }

  private boolean startsLater(BlockRange range) {
    return range.first() > settings.startBlock().orElse(0);
  }
}
