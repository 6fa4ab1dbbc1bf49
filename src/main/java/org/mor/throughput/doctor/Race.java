package org.mor.throughput.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.mor.throughput.store.StoreConflictException;
import org.mor.throughput.store.StoreException;
import org.mor.throughput.store.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreUnavailableException;

/** Lets several writers write the same object at the same moment, and tells who was accepted. */
final class Race {
  static final int WRITERS = 8;

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
