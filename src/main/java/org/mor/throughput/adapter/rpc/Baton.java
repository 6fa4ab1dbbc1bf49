package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.mor.throughput.base.Backoff;
import org.mor.throughput.base.Sleeper;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;

/**
 * A lock over what the reader remembers of its endpoints. A thread holds it while it reads or
 * changes that, and gives it up while it waits for an answer or a pause.
 */
final class Baton {
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition changed = lock.newCondition();
  private boolean stopped;

  <T> T hold(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  void run(Runnable work) {
    Object unused =
        hold(
            () -> {
              work.run();
              return work;
            });
  }

  /** Does what takes a while without the baton. */
  <T> T away(Supplier<T> wait) {
    int held = lock.getHoldCount();
    for (int i = 0; i < held; i++) {
      lock.unlock();
    }
    try {
      return wait.get();
    } finally {
      for (int i = 0; i < held; i++) {
        lock.lock();
      }
    }
  }

  /** The same pauses, without the baton. */
  Backoff away(Backoff backoff) {
    return new Backoff(backoff.first(), backoff.longest(), backoff.upTo(), away(backoff.sleeper()));
  }

  /** The same time, waited for without the baton. */
  Sleeper away(Sleeper sleeper) {
    return new Sleeper() {
      @Override
      public Instant now() {
        return sleeper.now();
      }

      @Override
      public void sleep(Duration duration) {
        Object unused =
            away(
                () -> {
                  sleeper.sleep(duration);
                  return duration;
                });
      }
    };
  }

  /** The run is to end: who waits for what is read ahead is told. */
  void stop() {
    run(
        () -> {
          stopped = true;
          changed();
        });
  }

  /** For its holder. */
  boolean isStopped() {
    return stopped;
  }

  /** Tells those who wait for a change. For its holder. */
  void changed() {
    changed.signalAll();
  }

  /** Lets go of it until a change has made something so. For its holder. */
  void awaitUntil(BooleanSupplier so) {
    try {
      while (!so.getAsBoolean()) {
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChainUnavailableException("Interrupted while waiting for an endpoint", e);
    }
  }
}
