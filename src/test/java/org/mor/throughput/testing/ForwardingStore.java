package org.mor.throughput.testing;

import java.util.List;
import java.util.Optional;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;

/** Another store with something happening around reads and writes; what is thrown comes through. */
public class ForwardingStore implements ObjectStore {
  protected final ObjectStore store;

  public ForwardingStore(ObjectStore store) {
    this.store = store;
  }

  protected void beforeRead() {}

  protected void beforeWrite(ObjectKey key) {}

  protected void afterWrite(ObjectKey key, byte[] body) {}

  @Override
  public Optional<StoredObject> find(ObjectKey key) {
    beforeRead();
    return store.find(key);
  }

  @Override
  public synchronized ObjectVersion create(
      ObjectKey key, byte[] body, ObjectAttributes attributes) {
    beforeWrite(key);
    ObjectVersion version = store.create(key, body, attributes);
    afterWrite(key, body);
    return version;
  }

  @Override
  public synchronized ObjectVersion replace(
      ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
    beforeWrite(key);
    ObjectVersion version = store.replace(key, body, expected, attributes);
    afterWrite(key, body);
    return version;
  }

  @Override
  public List<ObjectInfo> list(String prefix) {
    beforeRead();
    return store.list(prefix);
  }

  @Override
  public String location() {
    return store.location();
  }
}
