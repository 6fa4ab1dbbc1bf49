package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.time.Instant;

/** Time as retries see it, so that tests need not wait. */
public interface Sleeper {
  /** The present; never runs backwards. */
  Instant now();

  /**
   * Waits.
   *
   * @throws org.mor.throughput.chain.ChainException.ChainUnavailableException when the thread is
   *     interrupted
   */
  void sleep(Duration duration);

  /** Real time. */
  static Sleeper system() {
    return new SystemSleeper();
  }
}
