package org.mor.throughput.serve;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.publish.DocumentKeys;
import org.mor.throughput.publish.PerformanceMonthCodec;
import org.mor.throughput.publish.PublishedPerformance;
import org.mor.throughput.publish.PublishedPerformanceCodec;
import org.mor.throughput.rollup.PerformanceMonth;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;

/** Published cells in memory, each month in the version that the store has. */
final class CellCache {
  /** How long a look at the store's versions is good for. */
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);

  /**
   * A year, and the months that it begins and ends in: ten megabytes each where all cells differ.
   */
  private static final int MONTHS = 14;

  private static final String FOLDER = "rollup/performance";

  private final ObjectStore store;
  private final LongSupplier nanoTime;
  private Map<ObjectKey, ObjectVersion> versions = Map.of();
  private @Nullable Long checkedAt;
  private @Nullable PublishedPerformance index;

  private final Map<Version, PerformanceMonth> months =
      new LinkedHashMap<>(MONTHS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Version, PerformanceMonth> eldest) {
          return size() > MONTHS;
        }
      };

  private record Version(ObjectKey key, ObjectVersion version) {}

  CellCache(ObjectStore store, LongSupplier nanoTime) {
    this.store = store;
    this.nanoTime = nanoTime;
  }

  /** What leads to the cells; empty while nothing is published. */
  synchronized Optional<PublishedPerformance> index() {
    long now = nanoTime.getAsLong();
    if (checkedAt == null || now - checkedAt >= FRESH_NANOS) {
      Map<ObjectKey, ObjectVersion> seen = new HashMap<>();
      store.list(FOLDER).forEach(object -> seen.put(object.key(), object.version()));
      if (!seen.equals(versions)) {
        index =
            store
                .find(DocumentKeys.PERFORMANCE_INDEX)
                .map(found -> PublishedPerformanceCodec.decode(found.body()))
                .orElse(null);
        versions = seen;
      }
      checkedAt = now;
    }
    return Optional.ofNullable(index);
  }

  /** The cells of a month; empty where it had no close. */
  synchronized Optional<PerformanceMonth> month(PublishedPerformance of, Month month) {
    ObjectKey key = of.months().get(month);
    ObjectVersion version = key == null ? null : versions.get(key);
    if (key == null || version == null) {
      return Optional.empty();
    }
    PerformanceMonth known = months.get(new Version(key, version));
    if (known != null) {
      return Optional.of(known);
    }
    Optional<StoredObject> stored = store.find(key);
    stored.ifPresent(
        object ->
            months.put(
                new Version(key, object.version()), PerformanceMonthCodec.decode(object.body())));
    return stored.map(object -> months.get(new Version(key, object.version())));
  }
}
