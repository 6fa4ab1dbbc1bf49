package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.time.Instant;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;

/**
 * The wall clock read once, then advanced by the monotonic one: a clock step cannot end a retry.
 */
final class SystemSleeper implements Sleeper {
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
      throw new ChainUnavailableException(
          "Interrupted while waiting %s before asking again".formatted(duration), e);
    }
  }
}
