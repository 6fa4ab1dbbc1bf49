package org.mor.throughput.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;

/**
 * A store that lives as long as the process; every write is atomic, a version is never used twice.
 */
public final class MemoryObjectStore implements ObjectStore {
  private record Entry(StoredObject object, ObjectAttributes attributes) {}

  private final Map<ObjectKey, Entry> entries = new ConcurrentSkipListMap<>();
  private final AtomicLong writes = new AtomicLong();

  @Override
  public Optional<StoredObject> find(ObjectKey key) {
    return Optional.ofNullable(entries.get(key))
        .map(entry -> new StoredObject(entry.object.body().clone(), entry.object.version()));
  }

  @Override
  public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
    Entry entry = entry(body, attributes);
    if (entries.putIfAbsent(key, entry) != null) {
      throw new StoreConflictException("Creating %s in memory: it exists already".formatted(key));
    }
    return entry.object.version();
  }

  @Override
  public ObjectVersion replace(
      ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
    Entry entry = entry(body, attributes);
    Entry after =
        entries.computeIfPresent(
            key, (k, stored) -> stored.object.version().equals(expected) ? entry : stored);
    if (after == null || !after.object.version().equals(entry.object.version())) {
      throw new StoreConflictException(
          "Replacing %s in memory: expected version %s but found %s"
              .formatted(
                  key, expected.token(), after == null ? "none" : after.object.version().token()));
    }
    return entry.object.version();
  }

  @Override
  public List<ObjectInfo> list(String prefix) {
    return entries.entrySet().stream()
        .filter(e -> e.getKey().value().startsWith(prefix))
        .map(
            e ->
                new ObjectInfo(
                    e.getKey(), e.getValue().object.body().length, e.getValue().object.version()))
        .toList();
  }

  /** The headers the object was written with. */
  public Optional<ObjectAttributes> attributes(ObjectKey key) {
    return Optional.ofNullable(entries.get(key)).map(Entry::attributes);
  }

  @Override
  public String location() {
    return "memory";
  }

  private Entry entry(byte[] body, ObjectAttributes attributes) {
    ObjectVersion version = new ObjectVersion("m" + writes.incrementAndGet());
    return new Entry(new StoredObject(body.clone(), version), attributes);
  }
}
