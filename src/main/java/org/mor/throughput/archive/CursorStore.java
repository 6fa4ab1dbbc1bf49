package org.mor.throughput.archive;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.archive.CommitLoop.Decision;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/** Keeps the cursor at {@code state/cursor.json}; it moves forward only. */
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
   * @return the cursor as it is stored now
   * @throws org.mor.throughput.store.CorruptObjectException when the stored cursor cannot be read
   *     or belongs to another network or contract
   */
  public Cursor advance(
      BlockRange scanned, BlockHeader to, NetworkId network, Instant now, String writeId) {
    return commits
        .commit(
            KEY,
            ObjectAttributes.PRIVATE_JSON,
            stored -> {
              Optional<Cursor> current = stored.map(object -> CursorCodec.decode(object.body()));
              current.ifPresent(cursor -> cursor.requireNetwork(network));
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
                      Cursor.VERSION);
              return new Decision<>(next, CursorCodec.encode(next));
            })
        .result();
  }

  private static boolean goesOnFrom(Cursor current, BlockRange scanned) {
    return scanned.first() <= current.lastBlock() + 1 && scanned.last() > current.lastBlock();
  }
}
