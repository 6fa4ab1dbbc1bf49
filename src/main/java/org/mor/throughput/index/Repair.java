package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockRange;
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

  private final ContractReader contract;
  private final Ledger ledger;
  private final ProofRun proofs;
  private final RangeIndexer indexer;

  public Repair(ContractReader contract, Ledger ledger) {
    this.contract = contract;
    this.ledger = ledger;
    this.proofs = new ProofRun(contract, ledger);
    Suspects suspects = new Suspects(contract, ledger);
    StateProofRun judge = new StateProofRun(contract, ledger);
    this.indexer =
        new RangeIndexer(
            contract,
            ledger,
            scanned -> {
              judge.requireProven(scanned.fresh().rows(), scanned.stateBlock());
              return suspects.afterScan(scanned);
            });
  }

  /**
   * What a repair found and did.
   *
   * @param dryRun whether nothing was read again and nothing written
   * @param before the proof from the rows as they were found
   * @param missingOpens sessions without an open that the contract's lists name
   * @param missingCloses sessions that are closed on chain without a close, those without an event
   *     not among them
   * @param blocks the blocks that were read again, or would be
   * @param unscanned missing events in blocks that were never scanned: left to {@code backfill
   *     --gaps}
   * @param rowsAdded rows that are stored now and were not
   * @param opensStillMissing how many opens the contract counts beyond those stored
   * @param closesStillMissing closes with an event that was not found
   * @param closedWithoutEvent sessions that were settled without a SessionClosed; no row is made up
   * @param after the proof as it is now
   */
  public record Report(
      boolean dryRun,
      Proof before,
      long missingOpens,
      long missingCloses,
      List<BlockRange> blocks,
      long unscanned,
      long rowsAdded,
      long opensStillMissing,
      List<Hash32> closesStillMissing,
      List<Hash32> closedWithoutEvent,
      Proof after) {
    public Report {
      blocks = List.copyOf(blocks);
      closesStillMissing = List.copyOf(closesStillMissing);
      closedWithoutEvent = List.copyOf(closedWithoutEvent);
    }

    /** Whether anything is known to be missing still. */
    public boolean remains() {
      return opensStillMissing > 0
          || !closesStillMissing.isEmpty()
          || unscanned > 0
          || after.state().firstGap().isPresent();
    }
  }

  /**
   * Compares with the contract at the cursor's block, so the node must still have its state, and
   * repairs.
   *
   * @param dryRun whether to say what is missing and write nothing
   * @throws NotIndexedException while there is no cursor
   */
  public Report run(boolean dryRun, ScanListener listener) {
    Cursor cursor = cursor(dryRun);
    long block = cursor.lastBlock();
    BlockRange history =
        new BlockRange(Math.min(block, contract.settings().startBlock().orElse(0)), block);
    ContractFigures counted = new ContractFigures(contract, block);
    SessionReader state = contract.sessions();
    long opened = counted.opens();
    Proof before = proofs.complete(cursor);
    RowTally rows = RowTally.read(ledger, block);
    MissingRows missing = MissingRows.find(rows, counted, state, block);
    if (!missing.opens().isEmpty() || !missing.closes().isEmpty()) {
      new NewestState(contract).requireOldCalls(block);
    }
    Set<Hash32> withoutEvent = missing.closedWithoutEvent(rows, counted, state, block);
    Coverage scanned = ledger.scanned(Optional.of(cursor));
    MissingBlocks places = new MissingBlocks(contract, history, scanned);
    places.add(missing);
    List<BlockRange> blocks = new ArrayList<>(places.ranges());
    long added = 0;
    RowTally found = rows;
    Proof after = before;
    if (dryRun) {
      if (missing.opens().isEmpty()) {
        MissingBlocks.ofGap(before, ledger.rows(), history).ifPresent(blocks::add);
      }
    } else {
      added = readAgain(places, rows, listener);
      added += closeGaps(cursor, history, blocks, listener);
      found = RowTally.read(ledger, block);
      withoutEvent = missing.closedWithoutEvent(found, counted, state, block);
      after = proofs.extend(cursor).proof().orElseThrow();
    }
    return new Report(
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
                () -> NotIndexedException.noCursor("repair: run backfill or incremental first."));
    CursorGuard.check(contract.chain(), cursor);
    return cursor;
  }

  private long readAgain(MissingBlocks places, RowTally rows, ScanListener listener) {
    List<BlockRange> blocks = places.ranges();
    if (blocks.isEmpty()) {
      return 0;
    }
    long last = blocks.get(blocks.size() - 1).last();
    long stateBlock = Math.max(last, contract.heads().safe());
    StateProofRun judge = new StateProofRun(contract, ledger);
    return new MissingScan(contract, ledger, judge, rows, places, stateBlock, listener).run(blocks);
  }

  private ScanReport scan(BlockRange range, ScanListener listener) {
    return indexer.index(
        range,
        EventReader.Footing.of(range, ledger.position(), Coverage.NONE),
        () -> Math.max(range.last(), contract.heads().safe()),
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
      Optional<BlockRange> gap = MissingBlocks.ofGap(proof, ledger.rows(), history);
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
