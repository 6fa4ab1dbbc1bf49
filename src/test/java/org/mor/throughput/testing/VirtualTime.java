package org.mor.throughput.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import org.mor.throughput.base.Sleeper;

/**
 * Time that passes only by sleeping, at once. Threads that sleep from the same moment on sleep
 * together: a pause begins when its thread last saw the time, or ended its last pause.
 */
public final class VirtualTime implements Sleeper {
  private final Consumer<Duration> listener;
  private final Instant start;
  private final Map<Thread, Instant> seen = new WeakHashMap<>();
  private Instant now;

  public VirtualTime() {
    this(Instant.parse("2026-05-01T00:00:00Z"), pause -> {});
  }

  /**
   * @param listener hears of every pause
   */
  public VirtualTime(Instant start, Consumer<Duration> listener) {
    this.start = start;
    this.now = start;
    this.listener = listener;
  }

  @Override
  public synchronized Instant now() {
    seen.put(Thread.currentThread(), now);
    return now;
  }

  @Override
  public synchronized void sleep(Duration duration) {
    listener.accept(duration);
    Instant until = seen.getOrDefault(Thread.currentThread(), now).plus(duration);
    seen.put(Thread.currentThread(), until);
    now = until.isAfter(now) ? until : now;
  }

  public synchronized Duration slept() {
    return Duration.between(start, now);
  }
}
