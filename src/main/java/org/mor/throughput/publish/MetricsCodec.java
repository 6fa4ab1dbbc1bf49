package org.mor.throughput.publish;

import static org.mor.throughput.publish.DocumentCodec.number;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import org.mor.throughput.rollup.Metrics;
import org.mor.throughput.rollup.Metrics.DistinctCounts;
import org.mor.throughput.rollup.Metrics.MorSums;
import org.mor.throughput.rollup.Metrics.Percentiles;
import org.mor.throughput.rollup.Metrics.QualityStats;
import org.mor.throughput.rollup.Metrics.SessionCounts;
import org.mor.throughput.rollup.Metrics.TokenSums;

/** The figures of one bucket, as fields of the object that is open. */
final class MetricsCodec {
  private MetricsCodec() {}

  static void write(JsonGenerator json, Metrics metrics) throws IOException {
    write(json, metrics.sessions());
    write(json, metrics.tokens());
    number(json, "sessionSeconds", new BigDecimal(metrics.sessions().seconds()));
    write(json, metrics.quality());
    write(json, metrics.distinct());
    write(json, metrics.mor());
    number(json, "sessionsGateway", metrics.sessions().gateway());
    number(json, "tokensGateway", metrics.tokens().gateway());
  }

  private static void write(JsonGenerator json, SessionCounts sessions) throws IOException {
    json.writeNumberField("sessionsOpened", sessions.opened());
    json.writeNumberField("sessionsClosed", sessions.closed());
    json.writeNumberField("sessionsDisputed", sessions.disputed());
    json.writeNumberField("sessionsClosedEarly", sessions.closedEarly());
    json.writeNumberField("sessionsWithTokens", sessions.withTokens());
    json.writeNumberField("sessionsLegacyEst", sessions.legacyEst());
    json.writeNumberField("sessionsMissingTokens", sessions.missingTokens());
    json.writeNumberField("sessionsIdle", sessions.idle());
    json.writeNumberField("sessionsFlagged", sessions.flagged());
  }

  private static void write(JsonGenerator json, TokenSums tokens) throws IOException {
    number(json, "tokens", tokens.total());
    number(json, "tokensReceipt", new BigDecimal(tokens.receipt()));
    number(json, "inputTokens", new BigDecimal(tokens.input()));
    number(json, "outputTokens", new BigDecimal(tokens.output()));
    number(json, "tokensLegacyEst", tokens.legacyEst());
    number(json, "tokensDisputed", tokens.disputed());
    number(json, "tokensFlagged", new BigDecimal(tokens.flagged()));
  }

  private static void write(JsonGenerator json, QualityStats quality) throws IOException {
    number(json, "avgTps", quality.avgTps());
    number(json, "avgTpsClamped", quality.avgTpsClamped());
    number(json, "avgTtftMs", quality.avgTtftMs());
    write(json, "tps", quality.tps());
    write(json, "ttftMs", quality.ttftMs());
    json.writeNumberField("tpsSamples", quality.tpsSamples());
    json.writeNumberField("ttftSamples", quality.ttftSamples());
  }

  private static void write(JsonGenerator json, String of, Percentiles percentiles)
      throws IOException {
    number(json, of + "P50", percentiles.p50());
    number(json, of + "P95", percentiles.p95());
    number(json, of + "P99", percentiles.p99());
  }

  private static void write(JsonGenerator json, DistinctCounts distinct) throws IOException {
    json.writeNumberField("uniqueUsers", distinct.users());
    json.writeNumberField("uniqueProviders", distinct.providers());
    json.writeNumberField("uniqueModels", distinct.models());
  }

  private static void write(JsonGenerator json, MorSums mor) throws IOException {
    number(json, "morStake", mor.stake());
    number(json, "morPaid", mor.paid());
    number(json, "morEarned", mor.earned());
  }
}
