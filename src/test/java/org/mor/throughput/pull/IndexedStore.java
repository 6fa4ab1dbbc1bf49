package org.mor.throughput.pull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.BackfillRequest;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.Patience;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.testing.Worlds;

/** A store as a writer leaves it, and every write on the way there. */
final class IndexedStore {
  private static final long STEP = 500;

  /** One write of the writer. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Write(ObjectKey key, byte[] body) {
    void applyTo(ObjectStore store) {
      Optional<StoredObject> there = store.find(key);
      if (there.isPresent()) {
        store.replace(key, body, there.get().version(), ObjectAttributes.PRIVATE_GZIP);
      } else {
        store.create(key, body, ObjectAttributes.PRIVATE_GZIP);
      }
    }
  }

  private IndexedStore() {}

  static MemoryObjectStore whole() {
    MemoryObjectStore store = new MemoryObjectStore();
    writes().forEach(write -> write.applyTo(store));
    return store;
  }

  /** All writes of an indexer that scans the history in many ranges. */
  static List<Write> writes() {
    Recording store = new Recording();
    Ledger ledger = Worlds.ledger(store);
    for (long first = 1; first < Worlds.HEAD; first += STEP) {
      Backfill backfill =
          new Backfill(Worlds.history(), Worlds.settings(), ledger, Patience.none());
      backfill.run(
          backfill.plan(
              new BackfillRequest(
                  first, OptionalLong.of(Math.min(first + STEP - 1, Worlds.HEAD - 20)), false)),
          RunBudget.unlimited(),
          ScanListener.none());
    }
    return store.writes;
  }

  /** The block of each row by kind and session. */
  static Map<String, Long> rows(ObjectStore store) {
    Map<String, Long> rows = new TreeMap<>();
    Ledger ledger = Worlds.ledger(store);
    ledger
        .rows()
        .months(RowKind.OPENS)
        .forEach(
            month ->
                ledger
                    .rows()
                    .forEachOpen(
                        month, row -> rows.put("open " + row.sessionId(), row.position().block())));
    ledger
        .rows()
        .months(RowKind.CLOSES)
        .forEach(
            month ->
                ledger
                    .rows()
                    .forEachClose(
                        month,
                        row -> rows.put("close " + row.sessionId(), row.position().block())));
    return rows;
  }

  /** Remembers what is written. */
  private static final class Recording implements ObjectStore {
    private final MemoryObjectStore store = new MemoryObjectStore();
    private final List<Write> writes = new ArrayList<>();

    @Override
    public Optional<StoredObject> find(ObjectKey key) {
      return store.find(key);
    }

    @Override
    public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
      writes.add(new Write(key, body));
      return store.create(key, body, attributes);
    }

    @Override
    public ObjectVersion replace(
        ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
      writes.add(new Write(key, body));
      return store.replace(key, body, expected, attributes);
    }

    @Override
    public List<ObjectInfo> list(String prefix) {
      return store.list(prefix);
    }

    @Override
    public String location() {
      return store.location();
    }
  }
}
