package org.mor.throughput.serve;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answers to the last paths, for a second: a store is then read once a second and not once a
 * request. Only what is there is kept, so a path that is not there costs no memory. Safe for use by
 * many threads.
 */
final class Kept {
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Of all answers together; what was made of them comes on top. */
  private static final long MOST_BYTES = 32L << 20;

  private final LongSupplier nanoTime;

  private final Map<String, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);

  /** When an answer was read, and when somebody began to read it again. */
  private record Entry(Answer answer, long readAt, long askedAt) {}

  Kept(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * The answer to a path, of this second; while one thread reads it again, of the second before.
   */
  Optional<Answer> find(String path, Supplier<Optional<Answer>> read) {
    long now = nanoTime.getAsLong();
    Entry known;
    synchronized (entries) {
      known = entries.get(path);
      if (known != null) {
        long age = now - known.readAt;
        if (age < FRESH_NANOS || (age < 2 * FRESH_NANOS && known.askedAt != known.readAt)) {
          return Optional.of(known.answer);
        }
        entries.put(path, new Entry(known.answer, known.readAt, now));
      }
    }
    Optional<Answer> found = Optional.empty();
    try {
      found = read.get().map(answer -> same(known, answer));
      return found;
    } finally {
      keep(path, found, now);
    }
  }

  /** The same content stays the same answer, with what was made of it. */
  private static Answer same(@Nullable Entry known, Answer found) {
    return known != null && Arrays.equals(known.answer.body(), found.body()) ? known.answer : found;
  }

  private void keep(String path, Optional<Answer> found, long now) {
    synchronized (entries) {
      entries.remove(path);
      found.ifPresent(answer -> entries.put(path, new Entry(answer, now, now)));
      Iterator<Entry> eldest = entries.values().iterator();
      for (long all = bytes(); all > MOST_BYTES && eldest.hasNext(); ) {
        all -= eldest.next().answer.body().length;
        eldest.remove();
      }
    }
  }

  private long bytes() {
    return entries.values().stream().mapToLong(entry -> entry.answer.body().length).sum();
  }
}
