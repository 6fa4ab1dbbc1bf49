package org.mor.throughput.adapter.s3;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;

/**
 * Does what a caller must do after an unknown outcome: reads, is done when its content is there,
 * and writes again when it is not. For a server that often answers and hangs up too early.
 */
record ReadingAgainStore(ObjectStore store) implements ObjectStore {
  @Override
  public Optional<StoredObject> find(ObjectKey key) {
    return store.find(key);
  }

  @Override
  public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
    return settle(key, body, () -> store.create(key, body, attributes));
  }

  @Override
  public ObjectVersion replace(
      ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
    return settle(key, body, () -> store.replace(key, body, expected, attributes));
  }

  private ObjectVersion settle(ObjectKey key, byte[] body, Supplier<ObjectVersion> write) {
    for (int attempt = 0; attempt < 8; attempt++) {
      try {
        return write.get();
      } catch (StoreOutcomeUnknownException unknown) {
        Optional<StoredObject> found = store.find(key);
        if (found.isPresent() && Arrays.equals(found.get().body(), body)) {
          return found.get().version();
        }
      }
    }
    throw new AssertionError("Eight writes of %s without a known outcome".formatted(key));
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
