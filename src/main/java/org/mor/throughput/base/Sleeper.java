package org.mor.throughput.base;

import java.time.Duration;
import java.time.Instant;

/** Time as whoever waits sees it, so that tests need not wait. */
public interface Sleeper {
  /** The present; never runs backwards. */
  Instant now();

  /**
   * Waits.
   *
   * @throws InterruptedWaitException when the thread is interrupted, which it then still is
   */
  void sleep(Duration duration);

  /** Somebody wants the thread to end. */
  final class InterruptedWaitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InterruptedWaitException(Duration wait, InterruptedException cause) {
      super("Interrupted while waiting %s before trying again".formatted(wait), cause);
    }
  }

  /** Real time: the wall clock read once, then advanced by the monotonic one. */
  static Sleeper system() {
    return new Sleeper() {
      private final Instant start = Instant.now();
      private final long startNanos = System.nanoTime();

      @Override
      public Instant now() {
        return start.plusNanos(System.nanoTime() - startNanos);
      }

      @Override
      public void sleep(Duration duration) {
        try {
          Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new InterruptedWaitException(duration, e);
        }
      }
    };
  }
}
