package org.mor.throughput.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.function.Function;
import org.mor.throughput.demo.Ledger.LedgerEntry;

/** Documents in the published shape, filled with what the ledger says. */
final class TrueDocuments {
  private static final long DAY = 86_400;

  private final LedgerView view;
  private final long block;

  private TrueDocuments(LedgerView view, long block) {
    this.view = view;
    this.block = block;
  }

  static Map<String, JsonNode> of(SimulatedMarket market, long block) {
    TrueDocuments documents =
        new TrueDocuments(
            new LedgerView(market.ledger(), block, market.rules(), PaidReading.AT_AS_OF), block);
    Map<String, JsonNode> all = new HashMap<>();
    all.put("summary.json", documents.summary());
    long first = documents.view.firstOpen();
    long now = documents.view.asOf();
    all.put("rollup/hourly.json", documents.buckets(Calendar.HOURLY, now - 335 * 3_600));
    all.put("rollup/daily.json", documents.buckets(Calendar.DAILY, first));
    all.put(
        "rollup/daily-recent.json",
        documents.buckets(
            Calendar.DAILY, Math.max(first, now - Math.floorMod(now, DAY) - 59 * DAY)));
    all.put("rollup/weekly.json", documents.buckets(Calendar.WEEKLY, first));
    all.put("rollup/monthly.json", documents.buckets(Calendar.MONTHLY, first));
    all.put(
        "rollup/by-model-daily.json",
        documents.groups("models", "modelId", e -> e.modelId().toHex()));
    all.put(
        "rollup/by-provider-daily.json",
        documents.groups("providers", "provider", e -> e.provider().toHex()));
    all.put("stuck-sessions.json", documents.stuck());
    return all;
  }

  static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private ObjectNode document() {
    return JsonNodeFactory.instance.objectNode().put("asOfBlock", block);
  }

  private JsonNode summary() {
    ObjectNode summary = document();
    summary.set("allTime", json(view.since(Long.MIN_VALUE)));
    summary.set("last24h", json(view.since(view.asOf() - DAY)));
    summary.set("last7d", json(view.since(view.asOf() - 7 * DAY)));
    summary.set("last30d", json(view.since(view.asOf() - 30 * DAY)));
    LongSummaryStatistics times =
        view.closes().stream().mapToLong(LedgerEntry::closedAt).summaryStatistics();
    summary.put("firstCloseAt", Instant.ofEpochSecond(times.getMin()).toString());
    summary.put("lastCloseAt", Instant.ofEpochSecond(times.getMax()).toString());
    return summary;
  }

  private JsonNode buckets(Calendar calendar, long from) {
    ObjectNode document = document();
    document.set("buckets", buckets(view, calendar, from));
    return document;
  }

  private ArrayNode buckets(LedgerView of, Calendar calendar, long from) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    Map<String, LedgerView.Bucket> buckets = of.buckets(calendar);
    for (String label : calendar.labels(from, of.asOf())) {
      ObjectNode bucket = json(of.figures(buckets.getOrDefault(label, new LedgerView.Bucket())));
      list.add(bucket.put("bucket", label));
    }
    return list;
  }

  private JsonNode groups(String list, String idName, Function<LedgerEntry, String> group) {
    long start = view.asOf() - view.asOf() % DAY - 29 * DAY;
    ObjectNode document = document();
    ArrayNode entries = document.putArray(list);
    view.activeSince(start).stream()
        .map(group)
        .distinct()
        .forEach(
            id -> {
              LedgerView own = view.only(e -> group.apply(e).equals(id));
              ObjectNode entry = entries.addObject().put(idName, id);
              entry.set("totals", json(own.since(start - 1)));
              entry.set("daily", buckets(own, Calendar.DAILY, start));
            });
    return document;
  }

  private JsonNode stuck() {
    List<LedgerEntry> stuck = view.open().stream().filter(e -> e.endsAt() < view.asOf()).toList();
    long young = stuck.stream().filter(e -> view.asOf() - e.endsAt() < 3_600).count();
    long old = stuck.stream().filter(e -> view.asOf() - e.endsAt() >= DAY).count();
    ObjectNode document = document().put("stuckExpired", stuck.size());
    document.put("morLocked", LedgerFigures.mor(stuck, LedgerEntry::stake));
    document.put("openActive", view.open().size() - stuck.size());
    document.put("closedWithoutEvent", 0);
    ObjectNode ages = document.putObject("byAge").put("under1h", young).put("over24h", old);
    ages.put("from1hTo24h", stuck.size() - young - old);
    ArrayNode top = document.putArray("topProviders");
    stuck.stream()
        .map(e -> e.provider().toHex())
        .distinct()
        .limit(10)
        .forEach(
            provider -> {
              List<LedgerEntry> own =
                  stuck.stream().filter(e -> e.provider().toHex().equals(provider)).toList();
              ObjectNode entry = top.addObject().put("provider", provider);
              entry.put("count", own.size());
              entry.put("morLocked", LedgerFigures.mor(own, LedgerEntry::stake));
            });
    return document;
  }

  private static ObjectNode json(Map<String, Figure> figures) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    figures.forEach(
        (name, figure) -> {
          // Half-way between the bounds is the value itself.
          if (figure.low() == null || figure.high() == null) {
            json.putNull(name);
          } else {
            json.put(name, figure.low().add(figure.high()).divide(BigDecimal.valueOf(2)));
          }
        });
    return json;
  }
}
