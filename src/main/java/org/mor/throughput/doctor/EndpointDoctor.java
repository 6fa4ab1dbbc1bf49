package org.mor.throughput.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.mor.throughput.adapter.rpc.EndpointProbe;
import org.mor.throughput.adapter.rpc.EndpointProbe.Finding.Level;
import org.mor.throughput.chain.BlockHeader;

/** Reads the probes of all endpoints together: who lags, and whether the local clock is right. */
public final class EndpointDoctor {
  /** One node behind another by this much is ordinary. */
  private static final long LAG_SECONDS = 60;

  /** A head older than this is no head, or the clock is wrong. */
  private static final long OLD_SECONDS = 300;

  private static final long AHEAD_SECONDS = 30;

  private EndpointDoctor() {}

  /** All findings of the endpoints, then that of the clock. */
  public static List<Finding> findings(List<EndpointProbe.Probed> endpoints) {
    List<Finding> findings = new ArrayList<>();
    OptionalLong freshest =
        endpoints.stream()
            .filter(endpoint -> endpoint.head().isPresent())
            .mapToLong(EndpointDoctor::ageSeconds)
            .min();
    for (EndpointProbe.Probed endpoint : endpoints) {
      endpoint.findings().forEach(found -> findings.add(Finding.of(endpoint.host(), found)));
      if (endpoint.head().isPresent() && endpoints.size() > 1) {
        findings.add(lag(endpoint, ageSeconds(endpoint) - freshest.orElseThrow()));
      }
    }
    freshest.ifPresent(age -> findings.add(clock(age)));
    return List.copyOf(findings);
  }

  /** How old the head was when it was read. Negative where the local clock is behind the chain. */
  private static long ageSeconds(EndpointProbe.Probed endpoint) {
    BlockHeader head = endpoint.head().orElseThrow();
    return Duration.between(Instant.ofEpochSecond(head.timestamp()), endpoint.headReadAt())
        .toSeconds();
  }

  private static Finding lag(EndpointProbe.Probed endpoint, long seconds) {
    return seconds <= LAG_SECONDS
        ? Finding.fine(endpoint.host(), "lag", "%d s behind the freshest".formatted(seconds))
        : Finding.act(
            endpoint.host(),
            "lag",
            "its newest block is %,d s older than another endpoint's".formatted(seconds),
            "put another endpoint first until it has caught up");
  }

  private static Finding clock(long age) {
    if (age < -AHEAD_SECONDS) {
      return Finding.act(
          "clock",
          "chain",
          "the newest block is %,d s in this machine's future".formatted(-age),
          "set this machine's clock");
    }
    return age <= OLD_SECONDS
        ? Finding.fine("clock", "chain", "the newest block is %,d s old".formatted(age))
        : new Finding(
            "clock",
            "chain",
            Level.ACT,
            "the newest block of all endpoints is %,d s old".formatted(age),
            "compare with a block explorer: the chain stands still, every endpoint lags, or this machine's clock is ahead");
  }
}
