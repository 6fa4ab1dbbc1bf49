package org.mor.throughput.pull;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore.ObjectVersion;

/**
 * What a copy was made of: kept in the copy, it tells what need not be fetched again, and that the
 * place holds nothing but a copy.
 *
 * @param source the location of the store that was copied
 * @param objects the partitions that were copied
 */
record PullRecord(String source, SortedMap<ObjectKey, Pulled> objects) {
  static final ObjectKey KEY = new ObjectKey("state/pulled.json");

  /** The versions that an object had in the source and got in the copy. */
  record Pulled(ObjectVersion there, ObjectVersion here) {}

  PullRecord {
    objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
  }

  PullRecord with(ObjectKey key, Pulled pulled) {
    SortedMap<ObjectKey, Pulled> more = new TreeMap<>(objects);
    more.put(key, pulled);
    return new PullRecord(source, more);
  }
}
