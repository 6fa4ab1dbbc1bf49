package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.proof.Proof;

/**
 * Finds what the rows lack although its blocks count as scanned, reads just those blocks again and
 * proves anew. Rows are merged as in any scan, so repairs may run side by side.
 */
public final class Repair {
  /**
   * How many gaps are closed by reading between their neighbours, when no list names the session.
   */
  private static final int GAPS_AT_ONCE = 100;

  private final ChainReader chain;
  private final IndexSettings settings;
  private final Ledger ledger;
  private final ContractState state;
  private final ProofRun proofs;
  private final EventReader events;
  private final Enricher enricher;
  private final RangeIndexer indexer;

  public Repair(ChainReader chain, IndexSettings settings, Ledger ledger, Patience patience) {
    this.chain = chain;
    this.settings = settings;
    this.ledger = ledger;
    this.state = new ContractState(chain, settings.diamond(), patience);
    this.proofs = new ProofRun(chain, settings, ledger, patience);
    this.events = new EventReader(chain, settings.diamond());
    this.enricher = new Enricher(chain, settings.diamond(), settings.chainId(), patience);
    this.indexer = new RangeIndexer(chain, settings, ledger, patience);
  }

  /**
   * Compares with the contract at the cursor's block, so the node must still have its state, and
   * repairs.
   *
   * @param dryRun whether to say what is missing and write nothing
   * @throws NotIndexedException while there is no cursor
   */
  public RepairReport run(boolean dryRun, ScanListener listener) {
    Cursor cursor = cursor(dryRun);
    long block = cursor.lastBlock();
    BlockRange history = new BlockRange(Math.min(block, settings.startBlock().orElse(0)), block);
    ContractFigures contract = new ContractFigures(chain, settings.diamond(), block);
    long opened = contract.opens();
    Proof before = proofs.complete(cursor);
    RowTally rows = RowTally.read(ledger, block);
    MissingRows missing = MissingRows.find(rows, contract, state, block);
    if (!missing.opens().isEmpty() || !missing.closes().isEmpty()) {
      new NewestState(chain, settings.diamond()).requireOldCalls(block);
    }
    Set<Hash32> withoutEvent = missing.closedWithoutEvent(rows, contract, state, block);
    Coverage scanned = ledger.scanned(Optional.of(cursor));
    SessionBlocks places = new SessionBlocks(chain, history, scanned);
    places.add(missing);
    List<BlockRange> blocks = new ArrayList<>(places.ranges());
    long added = 0;
    RowTally found = rows;
    Proof after = before;
    if (dryRun) {
      if (missing.opens().isEmpty()) {
        GapBlocks.of(before, ledger.rows(), history).ifPresent(blocks::add);
      }
    } else {
      added = readAgain(places, rows, listener);
      added += closeGaps(cursor, history, blocks, listener);
      found = RowTally.read(ledger, block);
      withoutEvent = missing.closedWithoutEvent(found, contract, state, block);
      after = proofs.extend(cursor).proof().orElseThrow();
    }
    return new RepairReport(
        dryRun,
        before,
        missing.opens().size(),
        missing.closes().size() - withoutEvent.size(),
        blocks,
        places.leftToBackfill(),
        added,
        opensMissing(missing, found, opened + after.strays()),
        closesMissing(missing, found, withoutEvent),
        List.copyOf(withoutEvent),
        after);
  }

  private Cursor cursor(boolean dryRun) {
    Cursor cursor =
        (dryRun ? ledger.position() : ledger.begin())
            .orElseThrow(
                () ->
                    new NotIndexedException(
                        "There is no cursor in this store yet, so there is nothing to repair: run"
                            + " backfill or incremental first."));
    CursorGuard.check(chain, cursor);
    return cursor;
  }

  private long readAgain(SessionBlocks places, RowTally rows, ScanListener listener) {
    List<BlockRange> blocks = places.ranges();
    if (blocks.isEmpty()) {
      return 0;
    }
    long last = blocks.get(blocks.size() - 1).last();
    long stateBlock = Math.max(last, Heads.read(chain, settings).safe());
    StateProofRun judge = new StateProofRun(chain, settings, ledger);
    return new MissingScan(events, enricher, ledger, judge, rows, places, stateBlock, listener)
        .run(blocks);
  }

  private ScanReport scan(BlockRange range, ScanListener listener) {
    return indexer.index(
        range,
        EventReader.Footing.of(range, ledger.position(), Coverage.NONE),
        () -> Math.max(range.last(), Heads.read(chain, settings).safe()),
        RunBudget.unlimited(),
        listener);
  }

  /** Reads between the neighbours of each gap that is left, as long as that closes it. */
  private long closeGaps(
      Cursor cursor, BlockRange history, List<BlockRange> blocks, ScanListener listener) {
    long added = 0;
    long proven = -1;
    for (int round = 0; round < GAPS_AT_ONCE; round++) {
      Proof proof = proofs.complete(cursor);
      Optional<BlockRange> gap = GapBlocks.of(proof, ledger.rows(), history);
      if (gap.isEmpty() || proof.proven() == proven) {
        break;
      }
      proven = proof.proven();
      blocks.add(gap.get());
      added += scan(gap.get(), listener).rowsAdded();
    }
    return added;
  }

  /** By the contract's count, or by its lists where it counts another way. */
  private static long opensMissing(MissingRows missing, RowTally rows, long counted) {
    long listed = missing.opens().keySet().stream().filter(id -> !rows.hasOpen(id)).count();
    return Math.max(listed, counted - rows.opens());
  }

  private static List<Hash32> closesMissing(
      MissingRows missing, RowTally rows, Set<Hash32> withoutEvent) {
    return missing.closes().keySet().stream()
        .filter(id -> !rows.hasClose(id) && !withoutEvent.contains(id))
        .toList();
  }
}
