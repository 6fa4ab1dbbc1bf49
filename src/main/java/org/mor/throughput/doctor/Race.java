package org.mor.throughput.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreException.StoreUnavailableException;

/** Lets several writers write the same object at the same moment, and tells who was accepted. */
final class Race {
  static final int WRITERS = 8;
  private static final int TURNS = 10;

  /**
   * How the writers ended.
   *
   * @param winners the numbers of those whose write was accepted
   * @param unknown what one of them heard that does not know whether its write was accepted
   */
  record Result(List<Integer> winners, Optional<StoreOutcomeUnknownException> unknown) {}

  private Race() {}

  /**
   * Runs {@code write} with the numbers from 0 to {@link #WRITERS} - 1, each in a thread.
   *
   * @throws StoreException of a writer that neither won nor lost
   */
  static Result run(IntConsumer write) {
    CyclicBarrier start = new CyclicBarrier(WRITERS);
    List<Callable<Optional<StoreException>>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      writers.add(
          () -> {
            start.await();
            return end(() -> write.accept(writer));
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    try {
      return result(threads.invokeAll(writers));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StoreException failed ? failed : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("Writing at once: interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * Lets all read an object and replace what they read, {@link #TURNS} times each. The version says
   * that nobody wrote in between, so no two accepted writes may follow the same content.
   *
   * @param body makes contents that differ, of numbers below {@link #WRITERS} * {@link #TURNS}
   * @return whether two did: then a read gave the content of one write with the version of another
   */
  static boolean losesWrites(ObjectStore store, ObjectKey key, IntFunction<byte[]> body) {
    Queue<String> followed = new ConcurrentLinkedQueue<>();
    Result unused =
        run(
            writer -> {
              for (int turn = 0; turn < TURNS; turn++) {
                Optional<StoredObject> read = store.find(key);
                byte[] next = body.apply(writer * TURNS + turn);
                if (read.isPresent() && isAccepted(store, key, read.get(), next)) {
                  followed.add(new String(read.get().body(), UTF_8));
                }
              }
            });
    return Set.copyOf(followed).size() < followed.size();
  }

  private static boolean isAccepted(
      ObjectStore store, ObjectKey key, StoredObject read, byte[] next) {
    try {
      store.replace(key, next, read.version(), ObjectAttributes.PRIVATE_JSON);
      return true;
    } catch (StoreConflictException | StoreOutcomeUnknownException e) {
      return false;
    }
  }

  private static Result result(List<Future<Optional<StoreException>>> ended)
      throws ExecutionException, InterruptedException {
    List<Integer> winners = new ArrayList<>();
    Optional<StoreOutcomeUnknownException> unknown = Optional.empty();
    for (int i = 0; i < ended.size(); i++) {
      Optional<StoreException> failure = ended.get(i).get();
      if (failure.isEmpty()) {
        winners.add(i);
      } else if (failure.get() instanceof StoreOutcomeUnknownException e) {
        unknown = Optional.of(e);
      }
    }
    return new Result(winners, unknown);
  }

  private static Optional<StoreException> end(Runnable write) {
    try {
      write.run();
      return Optional.empty();
    } catch (StoreConflictException | StoreOutcomeUnknownException e) {
      return Optional.of(e);
    }
  }
}
