package org.mor.throughput.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.store.ObjectAttributes.PRIVATE_JSON;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;

/** What every {@link ObjectStore} promises to many callers at once. */
public abstract class ObjectStoreRaceContract extends ObjectStoreContract {
  private static final int CREATORS = 16;
  private static final int COUNTERS = 8;
  private static final int INCREMENTS = 25;

  @Test
  void ofManyCreatorsExactlyOneWins() throws Exception {
    for (int round = 0; round < 5; round++) {
      ObjectKey key = key("race/" + round);
      List<Boolean> won = together(CREATORS, thread -> tryCreate(key, thread));

      assertThat(won).containsOnlyOnce(true);
      assertThat(text(key.value())).isEqualTo("thread " + won.indexOf(true));
    }
  }

  @Test
  void noIncrementOfASharedCounterIsLost() throws Exception {
    store().create(key("counter"), bytes("0"), PRIVATE_JSON);

    together(
        COUNTERS,
        thread -> {
          IntStream.range(0, INCREMENTS).forEach(i -> increment(key("counter")));
          return true;
        });

    assertThat(text("counter")).isEqualTo(String.valueOf(COUNTERS * INCREMENTS));
  }

  @Test
  void aReaderNeverSeesHalfAWrite() throws Exception {
    String old = "a".repeat(200_000);
    String young = "b".repeat(150_000);
    ObjectVersion first = store().create(key("big"), bytes(old), PRIVATE_JSON);

    List<Boolean> whole =
        together(
            4,
            thread -> {
              if (thread == 0) {
                store().replace(key("big"), bytes(young), first, PRIVATE_JSON);
                return true;
              }
              return IntStream.range(0, 10)
                  .allMatch(i -> text("big").equals(old) || text("big").equals(young));
            });

    assertThat(whole).containsOnly(true);
  }

  private boolean tryCreate(ObjectKey key, int thread) {
    try {
      store().create(key, bytes("thread " + thread), PRIVATE_JSON);
      return true;
    } catch (StoreConflictException lost) {
      return false;
    }
  }

  /** Waits longer each time it loses, as writers do: else most work is lost races. */
  private void increment(ObjectKey key) {
    for (int lost = 0; !tryIncrement(key); lost++) {
      long ceiling = 5_000_000L << Math.min(lost, 4);
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(ceiling));
    }
  }

  private boolean tryIncrement(ObjectKey key) {
    StoredObject found = store().find(key).orElseThrow();
    int next = Integer.parseInt(new String(found.body(), UTF_8)) + 1;
    try {
      store().replace(key, bytes(String.valueOf(next)), found.version(), PRIVATE_JSON);
      return true;
    } catch (StoreConflictException lost) {
      return false;
    }
  }

  private static List<Boolean> together(int threads, IntPredicate work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        tasks.add(
            () -> {
              start.await();
              return work.test(thread);
            });
      }
      List<Boolean> results = new ArrayList<>();
      for (Future<Boolean> done : pool.invokeAll(tasks)) {
        results.add(done.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }
}
