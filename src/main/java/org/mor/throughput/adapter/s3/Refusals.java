package org.mor.throughput.adapter.s3;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mor.throughput.store.ObjectKey;

/**
 * Counts how often in a row a condition failed on the very ETag that reading gave before and after.
 * Another writer changes the ETag, because no two writes of a key have the same content. So a count
 * that grows means a server or proxy that changes ETags or does not know conditions. The count is
 * not two, because a server may once refuse in error.
 */
final class Refusals {
  /** Refusals in a row after which the store is unfit. */
  static final int LIMIT = 4;

  /** The ETag of an object that is not there. */
  static final String ABSENT = "";

  private record Refused(String etag, int times, boolean readAgain) {}

  private final Map<ObjectKey, Refused> refused = new ConcurrentHashMap<>();

  /** Hears of every reading. */
  void read(ObjectKey key, String etag) {
    refused.computeIfPresent(
        key, (k, known) -> known.etag.equals(etag) ? new Refused(etag, known.times, true) : null);
  }

  /** Hears of a write that the server refused because of its condition; returns the count. */
  int refused(ObjectKey key, String etag) {
    return refused.merge(
            key,
            new Refused(etag, 1, false),
            (known, first) ->
                !known.etag.equals(etag)
                    ? first
                    : known.readAgain ? new Refused(etag, known.times + 1, false) : known)
        .times;
  }

  /** Hears of a write that the server accepted. */
  void written(ObjectKey key) {
    refused.remove(key);
  }
}
