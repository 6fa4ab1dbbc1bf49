package org.mor.throughput.kill;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.mor.throughput.demo.MarketSettings;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;

/** A simulated node in a process of its own; prints its address and serves until it is killed. */
final class NodeProcess {
  private NodeProcess() {}

  public static void main(String[] args) throws IOException {
    try (SimulatedNode node = SimulatedNode.start(market(), 0, 100_000)) {
      System.out.println(node.url());
      while (System.in.read() >= 0) {
        continue;
      }
    }
    System.exit(0);
  }

  /** The chain that it serves; always the same. */
  static SimulatedMarket market() {
    return SimulatedMarket.create(
        new MarketSettings(7, 150, Instant.parse("2026-06-20T00:00:00Z"), Duration.ofDays(60)));
  }
}
