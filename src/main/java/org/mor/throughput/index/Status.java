package org.mor.throughput.index;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.archive.SuspectStore;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.ObjectStore.ObjectInfo;

/**
 * How things stand.
 *
 * @param heads empty when the chain was not asked
 * @param onChain whether the chain has the block that the cursor stands on
 * @param covered the scanned blocks
 * @param gaps blocks between the start block (or the first scanned one) and the cursor that were
 *     not scanned
 * @param proof what was proven last
 * @param suspects rows that the chain may no longer have
 */
public record Status(
    Optional<Cursor> cursor,
    Optional<Heads> heads,
    OnChain onChain,
    List<BlockRange> covered,
    List<BlockRange> gaps,
    ProofRecord proof,
    SortedMap<Month, ObjectInfo> opens,
    SortedMap<Month, ObjectInfo> closes,
    SuspectStore.Known suspects) {

  /** Whether the chain has the block that the cursor stands on. */
  public enum OnChain {
    /** Nobody was asked, or there is no cursor with a hash. */
    UNKNOWN("unknown"),
    YES("yes"),
    /** The block has another hash than when it was scanned. */
    REORGANISED("reorganised"),
    /** The chain's newest block is below the cursor: the node lags, or the chain is another one. */
    HEAD_IS_BELOW("head below cursor");

    private final String text;

    OnChain(String text) {
      this.text = text;
    }

    /** As {@code status --json} says it. */
    public String text() {
      return text;
    }

    /** Whether what is stored is known not to be on the chain as it is. */
    public boolean isDoubted() {
      return this == REORGANISED || this == HEAD_IS_BELOW;
    }
  }

  /** Reads the store, and the chain where one is given. */
  public static Status read(Ledger ledger, IndexSettings settings, Optional<ChainReader> chain) {
    Optional<Cursor> cursor = ledger.position();
    Coverage scanned = ledger.scanned(cursor);
    Optional<Heads> heads = chain.map(reader -> Heads.read(reader, settings));
    ProofRecord proof = ledger.proof().find();
    return new Status(
        cursor,
        heads,
        chain
            .flatMap(reader -> cursor.map(at -> onChain(reader, at, heads.orElseThrow())))
            .orElse(OnChain.UNKNOWN),
        scanned.ranges(),
        gaps(scanned, settings, cursor),
        cursor.map(at -> proof.in(at.generation())).orElse(proof),
        ledger.rows().partitions(RowKind.OPENS),
        ledger.rows().partitions(RowKind.CLOSES),
        ledger.suspects());
  }

  private static OnChain onChain(ChainReader chain, Cursor cursor, Heads heads) {
    return heads.latest().number() < cursor.lastBlock()
        ? OnChain.HEAD_IS_BELOW
        : CursorGuard.standing(chain, cursor).onChain();
  }

  /** The blocks between the start block (or the first scanned one) and the cursor not scanned. */
  public static List<BlockRange> gaps(
      Ledger ledger, IndexSettings settings, Optional<Cursor> cursor) {
    return gaps(ledger.scanned(cursor), settings, cursor);
  }

  private static List<BlockRange> gaps(
      Coverage scanned, IndexSettings settings, Optional<Cursor> cursor) {
    List<BlockRange> covered = scanned.ranges();
    long first =
        settings.startBlock().orElse(covered.isEmpty() ? Long.MAX_VALUE : covered.get(0).first());
    return cursor.isEmpty() || first > cursor.get().lastBlock()
        ? List.of()
        : scanned.gaps(new BlockRange(first, cursor.get().lastBlock()));
  }

  /** The same with nothing proven. */
  public Status withoutProof() {
    return new Status(
        cursor, heads, onChain, covered, gaps, ProofRecord.NONE, opens, closes, suspects);
  }

  /**
   * How many blocks the cursor is behind the newest block; empty when either is unknown, and when
   * the cursor's block is not on the chain.
   */
  public Optional<Long> lagBlocks() {
    return heads
        .flatMap(found -> cursor.map(stored -> found.latest().number() - stored.lastBlock()))
        .filter(lag -> lag >= 0 && !onChain.isDoubted());
  }
}
