package org.mor.throughput.pull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.testing.ForwardingStore;
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
      Worlds.backfill(
          Worlds.reader(Worlds.history()),
          ledger,
          first,
          OptionalLong.of(Math.min(first + STEP - 1, Worlds.HEAD - 20)),
          false);
    }
    return store.writes;
  }

  /** The block of each row by kind and session. */
  static Map<String, Long> rows(ObjectStore store) {
    Map<String, Long> rows = new TreeMap<>();
    RowArchive archive = Worlds.ledger(store).rows();
    for (Month month : archive.months(RowKind.OPENS)) {
      archive.forEachOpen(
          month, row -> rows.put("open " + row.sessionId(), row.position().block()));
    }
    for (Month month : archive.months(RowKind.CLOSES)) {
      archive.forEachClose(
          month, row -> rows.put("close " + row.sessionId(), row.position().block()));
    }
    return rows;
  }

  /** Remembers what is written. */
  private static final class Recording extends ForwardingStore {
    private final List<Write> writes = new ArrayList<>();

    Recording() {
      super(new MemoryObjectStore());
    }

    @Override
    protected void afterWrite(ObjectKey key, byte[] body) {
      writes.add(new Write(key, body));
    }
  }
}
