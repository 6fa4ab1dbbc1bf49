package org.mor.throughput.testing.architecture;

import java.time.Instant;

/** Reads what the core must not read: the clock twice, the environment once. */
public final class Impure {
  private Impure() {}

  public static String all() {
    return Instant.now() + " " + System.nanoTime() + System.getenv("HOME");
  }
}
