package org.mor.throughput.rollup;

import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import org.mor.throughput.chain.Sha256;
import org.mor.throughput.session.MetricRules;

/** Which definitions the figures follow. */
public final class Methodology {
  /** Goes up whenever the same rows would give different figures. */
  public static final int VERSION = 1;

  private Methodology() {}

  /** Equal for equal rules and the same version; names no wallet. */
  public static String fingerprint(MetricRules rules) {
    String text =
        "%s %s %s %s %s"
            .formatted(
                VERSION,
                rules.tpsClamp(),
                rules.legacyFrom(),
                rules.legacyUntil(),
                new TreeSet<>(rules.gatewayWallets()));
    return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
  }
}
