package org.mor.throughput.publish;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.rollup.Granularity;
import org.mor.throughput.rollup.Metrics.Percentiles;
import org.mor.throughput.rollup.Metrics.QualityStats;
import org.mor.throughput.rollup.Metrics.SessionCounts;
import org.mor.throughput.rollup.Metrics.TokenSums;
import org.mor.throughput.rollup.Metrics;
import org.mor.throughput.rollup.Rollup.Breakdown;
import org.mor.throughput.rollup.Rollup.Bucket;
import org.mor.throughput.session.ModelLabel;
import org.mor.throughput.store.ObjectKey;

/** Buckets over time, of everything or of one model or provider, and the figures in each. */
final class SeriesCodec {
  private SeriesCodec() {}

  /** An hourly, daily, weekly or monthly series. */
  static Document encode(
      ObjectKey key, DocumentHead head, Granularity granularity, List<Bucket> buckets) {
    return DocumentCodec.write(
        key,
        head,
        json -> {
          json.text("granularity", granularity.name().toLowerCase(Locale.ROOT));
          buckets(json, "buckets", buckets);
        });
  }

  /** The last 30 days of each model, keyed by id; {@code labels} says how each is called. */
  static Document encodeModels(
      DocumentHead head, List<Breakdown<Hash32>> models, Map<Hash32, ModelLabel> labels) {
    return breakdowns(
        DocumentKeys.BY_MODEL,
        "models",
        head,
        models,
        (json, id) -> ColumnsCodec.label(json, id, labels, models.size()));
  }

  /** The last 30 days of each provider. */
  static Document encodeProviders(DocumentHead head, List<Breakdown<Address>> providers) {
    return breakdowns(
        DocumentKeys.BY_PROVIDER,
        "providers",
        head,
        providers,
        (json, id) -> json.text("id", id.toHex()));
  }

  private static <K> Document breakdowns(
      ObjectKey key,
      String name,
      DocumentHead head,
      List<Breakdown<K>> breakdowns,
      BiConsumer<DocumentCodec, K> identity) {
    return DocumentCodec.write(
        key,
        head,
        json -> {
          // From which place on only days with data are listed, where there are so many.
          if (breakdowns.size() > Breakdown.DENSE) {
            json.number("sparseFrom", Breakdown.DENSE);
          }
          json.objects(
              name,
              breakdowns,
              one -> {
                identity.accept(json, one.id());
                json.object("totals", () -> figures(json, one.totals()));
                buckets(json, "daily", one.daily());
              });
        });
  }

  private static void buckets(DocumentCodec json, String name, List<Bucket> buckets) {
    json.objects(
        name,
        buckets,
        bucket -> {
          json.text("bucket", bucket.label());
          figures(json, bucket.metrics());
        });
  }

  /** The figures of one bucket or window, as fields of the object that is open. */
  static void figures(DocumentCodec json, Metrics metrics) {
    sessions(json, metrics.sessions());
    tokens(json, metrics.tokens());
    json.number("sessionSeconds", metrics.sessions().seconds());
    quality(json, metrics.quality());
    json.number("uniqueUsers", metrics.distinct().users());
    json.number("uniqueProviders", metrics.distinct().providers());
    json.number("uniqueModels", metrics.distinct().models());
    json.number("morStake", metrics.mor().stake());
    json.number("morPaid", metrics.mor().paid());
    json.number("morEarned", metrics.mor().earned());
    json.number("sessionsGateway", metrics.sessions().gateway());
    json.number("tokensGateway", metrics.tokens().gateway());
  }

  private static void sessions(DocumentCodec json, SessionCounts sessions) {
    json.number("sessionsOpened", sessions.opened());
    json.number("sessionsClosed", sessions.closed());
    json.number("sessionsDisputed", sessions.disputed());
    json.number("sessionsClosedEarly", sessions.closedEarly());
    json.number("sessionsWithTokens", sessions.withTokens());
    json.number("sessionsLegacyEst", sessions.legacyEst());
    json.number("sessionsMissingTokens", sessions.missingTokens());
    json.number("sessionsIdle", sessions.idle());
    json.number("sessionsFlagged", sessions.flagged());
  }

  private static void tokens(DocumentCodec json, TokenSums tokens) {
    json.number("tokens", tokens.total());
    json.number("tokensReceipt", tokens.receipt());
    json.number("inputTokens", tokens.input());
    json.number("outputTokens", tokens.output());
    json.number("tokensLegacyEst", tokens.legacyEst());
    json.number("tokensDisputed", tokens.disputed());
    json.number("tokensFlagged", tokens.flagged());
  }

  private static void quality(DocumentCodec json, QualityStats quality) {
    json.number("avgTps", quality.avgTps());
    json.number("avgTpsClamped", quality.avgTpsClamped());
    json.number("avgTtftMs", quality.avgTtftMs());
    percentiles(json, "tps", quality.tps());
    percentiles(json, "ttftMs", quality.ttftMs());
    json.number("tpsSamples", quality.tpsSamples());
    json.number("ttftSamples", quality.ttftSamples());
  }

  private static void percentiles(DocumentCodec json, String of, Percentiles percentiles) {
    json.number(of + "P50", percentiles.p50());
    json.number(of + "P95", percentiles.p95());
    json.number(of + "P99", percentiles.p99());
  }
}
