package org.mor.throughput.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.mor.throughput.base.Sleeper;

/** Time that passes only by sleeping, at once. */
public final class VirtualTime implements Sleeper {
  private final Consumer<Duration> listener;
  private final List<Duration> sleeps = new ArrayList<>();
  private Instant now;

  public VirtualTime() {
    this(Instant.parse("2026-05-01T00:00:00Z"), pause -> {});
  }

  /**
   * @param listener hears of every pause
   */
  public VirtualTime(Instant start, Consumer<Duration> listener) {
    this.now = start;
    this.listener = listener;
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized void sleep(Duration duration) {
    listener.accept(duration);
    sleeps.add(duration);
    now = now.plus(duration);
  }

  public synchronized Duration slept() {
    return sleeps.stream().reduce(Duration.ZERO, Duration::plus);
  }
}
