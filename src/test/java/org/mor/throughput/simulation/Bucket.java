package org.mor.throughput.simulation;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;

/**
 * The truth of what is stored. As on S3, a version is the content's MD5, so that it comes back when
 * the content does. Every write is shown to whoever watches.
 */
final class Bucket implements ObjectStore {
  /** Hears of every write that was carried out. */
  interface Watch {
    void written(ObjectKey key, byte @Nullable [] before, byte[] after);
  }

  private final SortedMap<ObjectKey, byte[]> objects = new TreeMap<>();
  private final SortedMap<ObjectKey, byte[]> before = new TreeMap<>();
  private Watch watch = (key, old, after) -> {};
  private boolean unconditional;
  private int reads;

  void watchedBy(Watch by) {
    watch = by;
  }

  /** From now on the conditions of puts are ignored. */
  void ignoreConditions() {
    unconditional = true;
  }

  @Override
  public Optional<StoredObject> find(ObjectKey key) {
    reads++;
    return Optional.ofNullable(objects.get(key))
        .map(body -> new StoredObject(body.clone(), version(body)));
  }

  /** How often anything was read. */
  int reads() {
    return reads;
  }

  /** The content that was there one write ago. */
  byte @Nullable [] before(ObjectKey key) {
    return before.get(key);
  }

  @Override
  public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
    if (objects.containsKey(key) && !unconditional) {
      throw new StoreConflictException("Creating %s: it exists".formatted(key));
    }
    return put(key, body);
  }

  @Override
  public ObjectVersion replace(
      ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
    byte[] stored = objects.get(key);
    if (!unconditional && (stored == null || !version(stored).equals(expected))) {
      throw new StoreConflictException("Replacing %s: it is another".formatted(key));
    }
    return put(key, body);
  }

  ObjectVersion put(ObjectKey key, byte[] body) {
    byte[] old = objects.put(key, body.clone());
    if (old != null) {
      before.put(key, old);
    }
    watch.written(key, old, body);
    return version(body);
  }

  @Override
  public List<ObjectInfo> list(String prefix) {
    List<ObjectInfo> found = new ArrayList<>();
    objects.forEach(
        (key, body) -> {
          if (key.value().startsWith(prefix)) {
            found.add(new ObjectInfo(key, body.length, version(body)));
          }
        });
    return found;
  }

  @Override
  public String location() {
    return "s3://simulated/";
  }

  static ObjectVersion version(byte[] body) {
    try {
      return new ObjectVersion(
          HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
