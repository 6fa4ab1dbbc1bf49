package org.mor.throughput.archive;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;

/**
 * The one way state is written: read, decide, write on condition that nothing changed in between.
 * After a conflict or an unknown outcome it reads again and decides anew, so a write that did land
 * is recognised as done.
 */
final class CommitLoop {
  /** A conflict means that another writer got on, so it is worth waiting for one's turn. */
  static final int MAX_TRIES = 200;

  /** A store that keeps silent is ill, and gets better by itself or not at all. */
  static final int MAX_UNKNOWN = 8;

  /** What to do about the stored object: write {@code body}, or nothing when it is null. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Decision<T>(T result, byte @Nullable [] body) {}

  /** What was decided last, and after how many conflicts and unknown outcomes. */
  record Outcome<T>(T result, int conflicts) {}

  private final ObjectStore store;
  private final CommitRetry retry;

  CommitLoop(ObjectStore store, CommitRetry retry) {
    this.store = store;
    this.retry = retry;
  }

  <T> Outcome<T> commit(
      ObjectKey key,
      ObjectAttributes attributes,
      Function<Optional<StoredObject>, Decision<T>> decide) {
    int unknown = 0;
    for (int failures = 0; ; ) {
      Optional<StoredObject> stored = store.find(key);
      Decision<T> decision = decide.apply(stored);
      if (decision.body == null) {
        return new Outcome<>(decision.result, failures);
      }
      try {
        put(key, decision.body, stored, attributes);
        return new Outcome<>(decision.result, failures);
      } catch (StoreConflictException | StoreOutcomeUnknownException e) {
        failures++;
        unknown += e instanceof StoreOutcomeUnknownException ? 1 : 0;
        if (failures == MAX_TRIES || unknown == MAX_UNKNOWN) {
          throw exhausted(key, failures - unknown, unknown, e);
        }
        retry.pause(failures);
      }
    }
  }

  private void put(
      ObjectKey key, byte[] body, Optional<StoredObject> stored, ObjectAttributes attributes) {
    if (stored.isPresent()) {
      store.replace(key, body, stored.get().version(), attributes);
    } else {
      store.create(key, body, attributes);
    }
  }

  /** A run that began before a rewind may not say of any block that it is scanned. */
  static StoreConflictException outdated(ObjectKey key, String blocks, int stored, int own) {
    return new StoreConflictException(
        "Committing blocks %s to %s: it is of generation %d, but this run began in generation %d, and the store was rewound in between. These blocks do not count as scanned.\nnext: run the same command again; where it says so again, an older version of state/cursor.json was restored: indexer rewind --to-block B brings the state together again"
            .formatted(blocks, key, stored, own));
  }

  private StoreConflictException exhausted(
      ObjectKey key, int conflicts, int unknown, StoreException last) {
    return new StoreConflictException(
        "Committing %s to %s: none of %d tries is known to have landed (%d met another writer, %d had no clear answer), the last one said: %s. Nothing is lost; next: %s, then run again"
            .formatted(
                key,
                store.location(),
                conflicts + unknown,
                conflicts,
                unknown,
                last.getMessage(),
                unknown == MAX_UNKNOWN
                    ? "mend or wait for the store"
                    : "look for another writer that never ends"),
        last);
  }
}
