package org.mor.throughput.archive;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.archive.CommitLoop.Decision;
import org.mor.throughput.chain.BlockHeader;
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
   * Moves the cursor to a block whose rows and coverage are stored already; one that is there or
   * beyond stays as it is.
   *
   * @return the cursor as it is stored now
   * @throws org.mor.throughput.store.CorruptObjectException when the stored cursor cannot be read
   *     or belongs to another network or contract
   */
  public Cursor advance(BlockHeader to, NetworkId network, Instant now, String writeId) {
    return commits
        .commit(
            KEY,
            ObjectAttributes.PRIVATE_JSON,
            stored -> {
              Optional<Cursor> current = stored.map(object -> CursorCodec.decode(object.body()));
              current.ifPresent(cursor -> cursor.requireNetwork(network));
              if (current.isPresent() && current.get().lastBlock() >= to.number()) {
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
}
