package org.mor.throughput.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mor.throughput.chain.Sha256;
import org.mor.throughput.publish.DocumentKeys;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/** Whether the summary's SHA-256 of every other document is that of the stored one. */
final class SummaryHashes {
  private static final String NAME = "hashes in summary.json";
  private static final String NONE = "absent";

  private SummaryHashes() {}

  static Check check(
      ObjectStore store, Optional<PublishedDocument> summary, List<ObjectKey> documents) {
    if (summary.isEmpty()) {
      return Check.notMade(NAME, "summary.json cannot be read");
    }
    SortedMap<String, String> said = summary.get().says().documents();
    SortedMap<String, String> stored = stored(store, documents);
    SortedSet<String> keys = new TreeSet<>(said.keySet());
    keys.addAll(stored.keySet());
    Tally tally = new Tally(NAME);
    for (String key : keys) {
      String left = said.getOrDefault(key, NONE);
      String right = stored.getOrDefault(key, NONE);
      if (!left.equals(right)) {
        tally.differs("summary.json", "documents." + key, left, right);
      }
    }
    return tally.finish("%d documents".formatted(keys.size()));
  }

  private static SortedMap<String, String> stored(ObjectStore store, List<ObjectKey> documents) {
    List<ObjectKey> keys = new ArrayList<>(documents);
    keys.add(DocumentKeys.STUCK_SESSIONS);
    SortedMap<String, String> hashes = new TreeMap<>();
    for (ObjectKey key : keys) {
      store.find(key).ifPresent(object -> hashes.put(key.value(), Sha256.hex(object.body())));
    }
    return hashes;
  }
}
