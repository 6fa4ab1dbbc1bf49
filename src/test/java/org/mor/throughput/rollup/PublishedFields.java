package org.mor.throughput.rollup;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.rollup.Metrics.QualityStats;
import org.mor.throughput.rollup.Metrics.SessionCounts;
import org.mor.throughput.rollup.Metrics.TokenSums;

/** The figures of a bucket by their published names. */
final class PublishedFields {
  private PublishedFields() {}

  static Map<String, @Nullable BigDecimal> of(Metrics metrics) {
    Map<String, @Nullable BigDecimal> all = new LinkedHashMap<>();
    SessionCounts sessions = metrics.sessions();
    put(all, "sessionsOpened", sessions.opened());
    put(all, "sessionsClosed", sessions.closed());
    put(all, "sessionsDisputed", sessions.disputed());
    put(all, "sessionsClosedEarly", sessions.closedEarly());
    put(all, "sessionsWithTokens", sessions.withTokens());
    put(all, "sessionsLegacyEst", sessions.legacyEst());
    put(all, "sessionsMissingTokens", sessions.missingTokens());
    put(all, "sessionsIdle", sessions.idle());
    put(all, "sessionsFlagged", sessions.flagged());
    put(all, "sessionsGateway", sessions.gateway());
    put(all, "sessionSeconds", sessions.seconds());
    TokenSums tokens = metrics.tokens();
    put(all, "tokens", tokens.total());
    put(all, "tokensReceipt", tokens.receipt());
    put(all, "inputTokens", tokens.input());
    put(all, "outputTokens", tokens.output());
    put(all, "tokensLegacyEst", tokens.legacyEst());
    put(all, "tokensDisputed", tokens.disputed());
    put(all, "tokensFlagged", tokens.flagged());
    put(all, "tokensGateway", tokens.gateway());
    quality(all, metrics.quality());
    put(all, "uniqueUsers", metrics.distinct().users());
    put(all, "uniqueProviders", metrics.distinct().providers());
    put(all, "uniqueModels", metrics.distinct().models());
    put(all, "morStake", metrics.mor().stake());
    put(all, "morPaid", metrics.mor().paid());
    put(all, "morEarned", metrics.mor().earned());
    return all;
  }

  private static void quality(Map<String, @Nullable BigDecimal> all, QualityStats quality) {
    put(all, "avgTps", quality.avgTps());
    put(all, "avgTpsClamped", quality.avgTpsClamped());
    put(all, "avgTtftMs", quality.avgTtftMs());
    put(all, "tpsSamples", quality.tpsSamples());
    put(all, "ttftSamples", quality.ttftSamples());
    put(all, "tpsP50", quality.tps().p50());
    put(all, "tpsP95", quality.tps().p95());
    put(all, "tpsP99", quality.tps().p99());
    put(all, "ttftMsP50", quality.ttftMs().p50());
    put(all, "ttftMsP95", quality.ttftMs().p95());
    put(all, "ttftMsP99", quality.ttftMs().p99());
  }

  private static void put(
      Map<String, @Nullable BigDecimal> all, String name, @Nullable Number value) {
    all.put(
        name,
        value == null
            ? null
            : value instanceof BigInteger big
                ? new BigDecimal(big)
                : value instanceof BigDecimal decimal
                    ? decimal
                    : BigDecimal.valueOf(value.longValue()));
  }
}
