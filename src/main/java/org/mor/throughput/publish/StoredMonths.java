package org.mor.throughput.publish;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.mor.throughput.base.Patience;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Sha256;
import org.mor.throughput.rollup.MonthFiles;
import org.mor.throughput.rollup.MonthFiles.MonthFile;
import org.mor.throughput.rollup.PerformanceMonth;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;

/**
 * Keeps months at {@code rollup/performance/YYYY-MM.XXXXXXXX.json}, X being the first digits of the
 * content's SHA-256. Nothing is written over: a name that is taken holds the same content. For one
 * rollup; lists what is there once.
 */
final class StoredMonths implements MonthFiles {
  private static final String FOLDER = "rollup/performance/";
  private static final int DIGITS = 8;
  private static final int TRIES = 8;
  private static final long DAY = 86400;

  private final ObjectStore store;
  private final String network;
  private final Address diamond;
  private final boolean writes;
  private final Patience pause;
  private final Set<String> present = ConcurrentHashMap.newKeySet();

  /**
   * @param writes whether what is kept is stored, or just named
   * @param pause waits after the n-th try that left no file, from 1 on
   */
  StoredMonths(ObjectStore store, String network, Address diamond, boolean writes, Patience pause) {
    this.store = store;
    this.network = network;
    this.diamond = diamond;
    this.writes = writes;
    this.pause = pause;
    store.list(FOLDER).forEach(object -> present.add(object.key().value()));
  }

  @Override
  public boolean has(MonthFile file) {
    return present.contains(file.key());
  }

  @Override
  public Optional<MonthFile> keep(PerformanceMonth month) {
    byte[] body = PerformanceMonthCodec.encode(network, diamond, month);
    String sha256 = Sha256.hex(body);
    String key = FOLDER + month.month() + "." + sha256.substring(0, DIGITS) + ".json";
    if (writes && !present.contains(key)) {
      create(new ObjectKey(key), body);
      present.add(key);
    }
    int[] perDay = month.perDay();
    int first = 0;
    while (perDay[first] == 0) {
      first++;
    }
    int last = perDay.length - 1;
    while (perDay[last] == 0) {
      last--;
    }
    long start = month.month().firstSecond();
    return Optional.of(
        new MonthFile(
            month.month(),
            key,
            sha256,
            body.length,
            start + first * DAY,
            start + last * DAY,
            month.sessions()));
  }

  /**
   * Whoever else writes this name writes the same bytes. A conflict may be a write in flight (S3's
   * 409) that never lands, so only an object that can be read counts as there.
   */
  private void create(ObjectKey key, byte[] body) {
    for (int attempt = 1; ; attempt++) {
      try {
        store.create(key, body, ObjectAttributes.IMMUTABLE_JSON);
        return;
      } catch (StoreConflictException | StoreOutcomeUnknownException e) {
        if (store.find(key).isPresent()) {
          return;
        }
        if (attempt == TRIES) {
          throw new StoreConflictException(
              "Writing %s to %s: refused or unanswered %d times, and the object is not there; the last answer: %s. next: run `rollup` again"
                  .formatted(key, store.location(), TRIES, e.getMessage()),
              e);
        }
        pause.await(attempt);
      }
    }
  }
}
