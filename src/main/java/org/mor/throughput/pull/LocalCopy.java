package org.mor.throughput.pull;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mor.throughput.pull.PullRecord.Pulled;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;

/** The store that is written to, with its record of what was copied into it. */
final class LocalCopy {
  private final ObjectStore store;
  private final Map<ObjectKey, ObjectVersion> versions;
  private PullRecord record;

  private LocalCopy(ObjectStore store, PullRecord record, Map<ObjectKey, ObjectVersion> versions) {
    this.store = store;
    this.record = record;
    this.versions = versions;
  }

  /**
   * Takes over a copy of {@code source}, or begins one where there is nothing.
   *
   * @throws NotACopyException when there is anything else
   */
  static LocalCopy open(ObjectStore store, String source) {
    Optional<PullRecord> found =
        store.find(PullRecord.KEY).map(object -> PullRecordCodec.decode(object.body()));
    Map<ObjectKey, ObjectVersion> versions =
        store.list("raw/").stream().collect(Collectors.toMap(ObjectInfo::key, ObjectInfo::version));
    if (found.isPresent()) {
      requireSame(store, found.get().source(), source);
      return new LocalCopy(store, found.get(), versions);
    }
    List<ObjectKey> state = store.keys("state/");
    if (!versions.isEmpty() || !state.isEmpty()) {
      throw new NotACopyException(
          "%s holds a store of its own, which a pull would write over: nothing was pulled\nnext: choose an empty directory with --to"
              .formatted(store.location()));
    }
    LocalCopy copy = new LocalCopy(store, new PullRecord(source, new TreeMap<>()), versions);
    copy.writeRecord();
    return copy;
  }

  private static void requireSame(ObjectStore store, String copied, String source) {
    if (!copied.equals(source)) {
      throw new NotACopyException(
          "%s is a copy of %s, not of %s: nothing was pulled\nnext: choose another directory with --to, or correct STORE"
              .formatted(store.location(), copied, source));
    }
  }

  /** Whether the copy has this version, and still as it was pulled. */
  boolean has(ObjectInfo source) {
    Pulled pulled = record.objects().get(source.key());
    return pulled != null
        && pulled.there().equals(source.version())
        && pulled.here().equals(versions.get(source.key()));
  }

  /** Puts a checked partition in place and remembers that. */
  void put(ObjectKey key, StoredObject checked) {
    ObjectVersion here =
        write(
            key,
            checked.body(),
            Optional.ofNullable(versions.get(key)),
            ObjectAttributes.PRIVATE_GZIP);
    versions.put(key, here);
    record = record.with(key, new Pulled(checked.version(), here));
    writeRecord();
  }

  /** Puts a state object in place unless it stands there as it is. */
  void putState(ObjectKey key, byte[] body) {
    Optional<StoredObject> there = store.find(key);
    if (there.isEmpty() || !Arrays.equals(there.get().body(), body)) {
      write(key, body, there.map(StoredObject::version), ObjectAttributes.PRIVATE_JSON);
    }
  }

  private void writeRecord() {
    putState(PullRecord.KEY, PullRecordCodec.encode(record));
  }

  private ObjectVersion write(
      ObjectKey key, byte[] body, Optional<ObjectVersion> over, ObjectAttributes attributes) {
    return over.isPresent()
        ? store.replace(key, body, over.get(), attributes)
        : store.create(key, body, attributes);
  }
}
