package org.mor.throughput.archive;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.mor.throughput.archive.CommitLoop.Decision;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/**
 * Keeps the cursor at {@code state/cursor.json}. It moves forward; only a rewind moves it back, and
 * counts a generation.
 */
public final class CursorStore {
  public static final ObjectKey KEY = new ObjectKey("state/cursor.json");

  private final ObjectStore store;
  private final CommitLoop commits;

  public CursorStore(ObjectStore store, CommitRetry retry) {
    this.store = store;
    this.commits = new CommitLoop(store, retry);
  }

  /**
   * The stored cursor; empty when there is none yet.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when it cannot be read
   */
  public Optional<Cursor> find() {
    return store.find(KEY).map(stored -> CursorCodec.decode(stored.body()));
  }

  /**
   * Moves the cursor to the end of a range whose rows and coverage are stored already. One that is
   * there or beyond stays as it is, and so does one that blocks nobody scanned lie behind.
   *
   * @param to the header of the range's last block
   * @param generation the one that the run began in
   * @return the cursor as it is stored now
   * @throws org.mor.throughput.store.CorruptObjectException when the stored cursor cannot be read
   *     or belongs to another network or contract
   * @throws org.mor.throughput.store.StoreConflictException when the store was rewound since the
   *     run began
   */
  public Cursor advance(
      BlockRange scanned,
      BlockHeader to,
      NetworkId network,
      int generation,
      Instant now,
      String writeId) {
    return commits
        .commit(
            KEY,
            ObjectAttributes.PRIVATE_JSON,
            stored -> {
              Optional<Cursor> current = stored.map(object -> CursorCodec.decode(object.body()));
              current.ifPresent(cursor -> cursor.requireNetwork(network));
              current.ifPresent(cursor -> requireGeneration(cursor, generation, scanned));
              if (current.isPresent() && !goesOnFrom(current.get(), scanned)) {
                return new Decision<>(current.get(), null);
              }
              Cursor next =
                  new Cursor(
                      to.number(),
                      now.truncatedTo(ChronoUnit.SECONDS).toString(),
                      Optional.of(to.hash()),
                      OptionalLong.of(to.timestamp()),
                      current.map(Cursor::seq).orElse(0L) + 1,
                      writeId,
                      Optional.of(network),
                      Cursor.VERSION,
                      current.map(Cursor::rewinds).orElse(List.of()),
                      false);
              return new Decision<>(next, CursorCodec.encode(next));
            })
        .result();
  }

  private static void requireGeneration(Cursor cursor, int generation, BlockRange scanned) {
    if (cursor.generation() != generation || cursor.rewinding()) {
      throw CommitLoop.outdated(KEY, scanned.toString(), cursor.generation(), generation);
    }
  }

  /**
   * Begins a rewind: the cursor goes back and says that coverage and proof are still to be cut. One
   * that stands lower already only says so. One that has been rewound since {@code seen}, or is
   * being rewound, stays as it is.
   *
   * @param to the last block that is kept
   * @param header the block's header; empty where nobody knows it
   * @param generation the new one, above all that the store has seen
   * @return the cursor as it is stored now
   */
  public Cursor rewind(
      Cursor seen,
      long to,
      Optional<BlockHeader> header,
      NetworkId network,
      int generation,
      Instant now,
      String writeId) {
    return change(
        stored -> {
          if (stored.rewinding() || stored.generation() != seen.generation()) {
            return stored;
          }
          boolean stays = stored.lastBlock() < to;
          return new Cursor(
              Math.min(stored.lastBlock(), to),
              now.truncatedTo(ChronoUnit.SECONDS).toString(),
              stays ? stored.lastBlockHash() : header.map(BlockHeader::hash),
              stays ? stored.lastBlockTime() : time(header),
              stored.seq() + 1,
              writeId,
              Optional.of(network),
              Cursor.VERSION,
              Cursor.with(stored.rewinds(), new Cursor.Rewind(generation, to)),
              true);
        });
  }

  private static OptionalLong time(Optional<BlockHeader> header) {
    return header.isPresent() ? OptionalLong.of(header.get().timestamp()) : OptionalLong.empty();
  }

  /**
   * Ends the rewind to a generation, once coverage and proof are cut.
   *
   * @return the cursor as it is stored now
   */
  public Cursor endRewind(int generation, Instant now, String writeId) {
    return change(
        stored ->
            !stored.rewinding() || stored.generation() != generation
                ? stored
                : new Cursor(
                    stored.lastBlock(),
                    now.truncatedTo(ChronoUnit.SECONDS).toString(),
                    stored.lastBlockHash(),
                    stored.lastBlockTime(),
                    stored.seq() + 1,
                    writeId,
                    stored.network(),
                    stored.version(),
                    stored.rewinds(),
                    false));
  }

  private Cursor change(UnaryOperator<Cursor> change) {
    return commits
        .commit(
            KEY,
            ObjectAttributes.PRIVATE_JSON,
            stored -> {
              Cursor known =
                  CursorCodec.decode(
                      stored
                          .orElseThrow(
                              () ->
                                  new CorruptObjectException(
                                      KEY + " is gone: restore its newest version"))
                          .body());
              Cursor next = change.apply(known);
              return new Decision<>(next, next.equals(known) ? null : CursorCodec.encode(next));
            })
        .result();
  }

  private static boolean goesOnFrom(Cursor current, BlockRange scanned) {
    return scanned.first() <= current.lastBlock() + 1 && scanned.last() > current.lastBlock();
  }
}
