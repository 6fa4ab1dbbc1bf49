package org.mor.throughput.store;

import java.util.List;
import java.util.Optional;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreException.StoreRefusedException;
import org.mor.throughput.store.StoreException.StoreUnavailableException;

/**
 * Whole objects under keys, with conditional writes only and no delete. A read after a successful
 * write sees that write or a later one. Implementations retry what is safe to retry; when they
 * throw, the exception names the reaction.
 */
public interface ObjectStore {
  /**
   * The object's whole content, or empty when there is none.
   *
   * @throws StoreRefusedException when the store denies access (never taken for "there is none")
   * @throws StoreUnavailableException when it cannot be reached or answers in part
   */
  Optional<StoredObject> find(ObjectKey key);

  /**
   * Writes an object that does not exist yet.
   *
   * @throws StoreConflictException when it exists, or somebody else is creating it
   * @throws StoreOutcomeUnknownException when it may or may not have been written: read again
   */
  ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes);

  /**
   * Writes over exactly the version that was read.
   *
   * @throws StoreConflictException when the object has another version by now, or is gone
   * @throws StoreOutcomeUnknownException when it may or may not have been written: read again
   */
  ObjectVersion replace(
      ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes);

  /** The objects whose key starts with {@code prefix} (such as {@code raw/closes/}), by key. */
  List<ObjectInfo> list(String prefix);

  /**
   * The keys that start with {@code prefix}, in order: cheaper than {@link #list} in some stores.
   */
  default List<ObjectKey> keys(String prefix) {
    return list(prefix).stream().map(ObjectInfo::key).toList();
  }

  /**
   * Where this is, for messages: {@code s3://bucket/prefix/} or {@code file:DIR}; holds no secret.
   */
  String location();

  /** One entry of a listing. */
  record ObjectInfo(ObjectKey key, long size, ObjectVersion version) {}

  /** An opaque token that changes whenever an object's content changes (an ETag). */
  record ObjectVersion(String token) {
    public ObjectVersion {
      if (token.isEmpty()) {
        throw new IllegalArgumentException("An object version must not be empty");
      }
    }
  }

  /**
   * An object's whole content and its version. The array is the caller's to keep; nobody else holds
   * it.
   */
  @SuppressWarnings("ArrayRecordComponent") // content is handed over, never compared
  record StoredObject(byte[] body, ObjectVersion version) {}
}
