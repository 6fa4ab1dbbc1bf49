package org.mor.throughput.publish;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.rollup.Granularity;
import org.mor.throughput.rollup.Rollup.Bucket;
import org.mor.throughput.rollup.Rollup;
import org.mor.throughput.rollup.StuckSessions;
import org.mor.throughput.session.ModelLabel;
import org.mor.throughput.store.ObjectKey;

/** Makes documents of results. */
public final class Documents {
  /** Thirty days and as many before them to compare with. */
  private static final int RECENT_DAYS = 60;

  private Documents() {}

  /**
   * The four series, the hours by model and provider, the end of the days once more, the two
   * breakdowns, performance and recommendations. A model that {@code labels} does not name takes
   * its name from its newest close.
   */
  public static List<Document> of(
      DocumentHead head, Rollup rollup, Map<Hash32, ModelLabel> labels) {
    Map<Hash32, ModelLabel> named = named(labels, rollup.modelNames());
    return List.of(
        SeriesCodec.encode(DocumentKeys.HOURLY, head, Granularity.HOUR, rollup.hourly()),
        HourlyCellsCodec.encode(head, rollup.hourlyVolumes()),
        SeriesCodec.encode(DocumentKeys.DAILY, head, Granularity.DAY, rollup.daily()),
        SeriesCodec.encode(
            DocumentKeys.DAILY_RECENT, head, Granularity.DAY, recent(rollup.daily())),
        SeriesCodec.encode(DocumentKeys.WEEKLY, head, Granularity.WEEK, rollup.weekly()),
        SeriesCodec.encode(DocumentKeys.MONTHLY, head, Granularity.MONTH, rollup.monthly()),
        SeriesCodec.encodeModels(head, rollup.byModel(), named),
        SeriesCodec.encodeProviders(head, rollup.byProvider()),
        PerformanceMonthCodec.encodeCurrent(head, rollup.performance().current()),
        PerformanceCodec.encode(head, rollup.performance(), named),
        PerformanceIndexCodec.encode(head, rollup.performance(), named),
        RecommendationsCodec.encode(head, rollup.performance(), rollup.recommendations(), named));
  }

  private static List<Bucket> recent(List<Bucket> days) {
    return days.subList(Math.max(0, days.size() - RECENT_DAYS), days.size());
  }

  /** {@code stuck-sessions.json}. */
  public static Document stuckSessions(DocumentHead head, StuckSessions stuck) {
    return StuckSessionsCodec.encode(head, stuck);
  }

  /** {@code summary.json}, with the SHA-256 in hex of every other document as it is stored. */
  public static Document summary(
      DocumentHead head, Summary summary, SortedMap<ObjectKey, String> documents) {
    return SummaryCodec.encode(head, summary, documents);
  }

  /** The labels, with a name from the rows where a model has none. */
  private static Map<Hash32, ModelLabel> named(
      Map<Hash32, ModelLabel> labels, Map<Hash32, String> names) {
    Map<Hash32, ModelLabel> named = new HashMap<>(labels);
    names.forEach(
        (id, name) ->
            named.merge(
                id,
                new ModelLabel(name, List.of()),
                (label, fromRow) ->
                    label.name().isEmpty()
                        ? new ModelLabel(name, label.tags(), label.type())
                        : label));
    return named;
  }
}
