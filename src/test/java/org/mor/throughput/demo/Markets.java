package org.mor.throughput.demo;

import java.time.Instant;

/** Markets for tests. */
final class Markets {
  static final Instant END = Instant.parse("2026-11-01T00:00:00Z");

  private Markets() {}

  static SimulatedMarket of(long seed, int sessions) {
    return SimulatedMarket.create(MarketSettings.of(seed, sessions, END));
  }
}
