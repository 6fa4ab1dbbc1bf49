package org.mor.throughput.index;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.archive.SuspectStore;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.ObjectInfo;

/**
 * How things stand.
 *
 * @param heads empty when the chain was not asked
 * @param covered the scanned blocks
 * @param gaps blocks between the start block (or the first scanned one) and the cursor that were
 *     not scanned
 * @param proof what was proven last
 * @param suspects rows that the chain may no longer have
 */
public record Status(
    Optional<Cursor> cursor,
    Optional<Heads> heads,
    List<BlockRange> covered,
    List<BlockRange> gaps,
    ProofRecord proof,
    SortedMap<Month, ObjectInfo> opens,
    SortedMap<Month, ObjectInfo> closes,
    SuspectStore.Known suspects) {

  /** Reads the store, and the chain where one is given. */
  public static Status read(Ledger ledger, IndexSettings settings, Optional<ChainReader> chain) {
    Optional<Cursor> cursor = ledger.position();
    List<BlockRange> covered = ledger.coverage().find().ranges();
    return new Status(
        cursor,
        chain.map(reader -> Heads.read(reader, settings)),
        covered,
        gaps(ledger, settings, cursor),
        ledger.proof().find(),
        ledger.rows().partitions(RowKind.OPENS),
        ledger.rows().partitions(RowKind.CLOSES),
        ledger.suspects());
  }

  /** The blocks between the start block (or the first scanned one) and the cursor not scanned. */
  public static List<BlockRange> gaps(
      Ledger ledger, IndexSettings settings, Optional<Cursor> cursor) {
    List<BlockRange> covered = ledger.coverage().find().ranges();
    long first =
        settings.startBlock().orElse(covered.isEmpty() ? Long.MAX_VALUE : covered.get(0).first());
    return cursor.isEmpty() || first > cursor.get().lastBlock()
        ? List.of()
        : ledger.coverage().find().gaps(new BlockRange(first, cursor.get().lastBlock()));
  }

  /** The same with nothing proven. */
  public Status withoutProof() {
    return new Status(cursor, heads, covered, gaps, ProofRecord.NONE, opens, closes, suspects);
  }

  /** How many blocks the cursor is behind the newest block; empty when either is unknown. */
  public Optional<Long> lagBlocks() {
    return heads.flatMap(
        found -> cursor.map(stored -> Math.max(0, found.latest().number() - stored.lastBlock())));
  }
}
