package org.mor.throughput.verify;

import java.util.Optional;
import org.mor.throughput.publish.DocumentDifferenceCodec;
import org.mor.throughput.publish.DocumentDifferenceCodec.StoredDocument;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/** A document as it is stored, and what it says of itself. */
@SuppressWarnings("ArrayRecordComponent") // content is handed over, never compared
record PublishedDocument(ObjectKey key, byte[] body, StoredDocument says) {
  /** Empty when there is none, or what is there is no document. */
  static Optional<PublishedDocument> find(ObjectStore store, ObjectKey key) {
    return store
        .find(key)
        .flatMap(
            object ->
                DocumentDifferenceCodec.read(object.body())
                    .map(says -> new PublishedDocument(key, object.body(), says)));
  }
}
