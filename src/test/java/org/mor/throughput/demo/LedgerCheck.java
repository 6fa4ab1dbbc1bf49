package org.mor.throughput.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.mor.throughput.demo.Ledger.LedgerEntry;
import org.mor.throughput.session.MetricRules;

/**
 * Compares published documents with the simulator's ledger, figure by figure: exact to the unit,
 * percentiles within one percent.
 */
public final class LedgerCheck {
  private static final long HOUR = 3_600;
  private static final long DAY = 24 * HOUR;
  private static final LedgerView.Bucket EMPTY = new LedgerView.Bucket();

  private final LedgerView view;
  private final long asOfBlock;
  private final Differences differences = new Differences();

  private LedgerCheck(LedgerView view, long asOfBlock) {
    this.view = view;
    this.asOfBlock = asOfBlock;
  }

  /**
   * Where the documents differ from the ledger; empty when they agree.
   *
   * @param documents the published documents by key, such as {@code rollup/daily.json}
   * @param asOfBlock the block they speak of
   * @param reading how fresh the paid amounts must be
   */
  public static List<String> compare(
      Ledger ledger,
      Map<String, JsonNode> documents,
      long asOfBlock,
      MetricRules rules,
      PaidReading reading) {
    LedgerCheck check =
        new LedgerCheck(new LedgerView(ledger, asOfBlock, rules, reading), asOfBlock);
    check.windows(documents);
    check.buckets(documents, "rollup/hourly.json", Calendar.HOURLY, 336 * HOUR);
    check.buckets(documents, "rollup/daily.json", Calendar.DAILY, 365 * DAY);
    check.buckets(documents, "rollup/daily-recent.json", Calendar.DAILY, 60 * DAY);
    check.buckets(documents, "rollup/weekly.json", Calendar.WEEKLY, Long.MAX_VALUE);
    check.buckets(documents, "rollup/monthly.json", Calendar.MONTHLY, Long.MAX_VALUE);
    check.groups(documents, "rollup/by-model-daily.json", e -> e.modelId().toHex());
    check.groups(documents, "rollup/by-provider-daily.json", e -> e.provider().toHex());
    check
        .document(documents, "stuck-sessions.json")
        .ifPresent(
            stuck ->
                new StuckCheck(check.view, check.differences)
                    .compare("stuck-sessions.json", stuck));
    return check.differences.found();
  }

  private Optional<JsonNode> document(Map<String, JsonNode> documents, String key) {
    JsonNode document = documents.get(key);
    if (document == null) {
      differences.note(key, "nothing", "a document");
      return Optional.empty();
    }
    differences.compare(key + " asOfBlock", document.path("asOfBlock"), Figure.exactly(asOfBlock));
    return Optional.of(document);
  }

  private void windows(Map<String, JsonNode> documents) {
    String key = "summary.json";
    Optional<JsonNode> summary = document(documents, key);
    Map<String, Long> starts =
        Map.of(
            "allTime", Long.MIN_VALUE,
            "last24h", view.asOf() - DAY,
            "last7d", view.asOf() - 7 * DAY,
            "last30d", view.asOf() - 30 * DAY);
    summary.ifPresent(this::span);
    summary.ifPresent(
        document ->
            starts.forEach(
                (name, start) -> {
                  Optional<JsonNode> window = Published.named(document, name);
                  if (window.isEmpty()) {
                    differences.note(key + " " + name, "nothing", "a window");
                  } else {
                    differences.compareAll(key + " " + name, window.get(), view.since(start));
                  }
                }));
  }

  /** When the first and the last close were. */
  private void span(JsonNode summary) {
    LongSummaryStatistics times =
        view.closes().stream().mapToLong(LedgerEntry::closedAt).summaryStatistics();
    if (times.getCount() > 0) {
      time("firstCloseAt", summary, times.getMin());
      time("lastCloseAt", summary, times.getMax());
    }
  }

  private void time(String name, JsonNode summary, long expected) {
    String published = summary.path(name).asText();
    if (!published.equals(Instant.ofEpochSecond(expected).toString())) {
      differences.note("summary.json " + name, published, Instant.ofEpochSecond(expected));
    }
  }

  /** Dense buckets, oldest first: the newest ones that fit into {@code length} seconds. */
  private void buckets(
      Map<String, JsonNode> documents, String key, Calendar calendar, long length) {
    Optional<JsonNode> document = document(documents, key);
    if (document.isEmpty()) {
      return;
    }
    long step = calendar == Calendar.HOURLY ? HOUR : DAY;
    long first = length == Long.MAX_VALUE ? view.firstOpen() : view.asOf() - (length - step);
    // The hours are always all there; the days begin with the first that holds data.
    long from = calendar == Calendar.HOURLY ? first : Math.max(first, view.firstOpen());
    List<JsonNode> published = Published.listOf(document.get(), "bucket");
    List<String> labels = published.stream().map(b -> b.path("bucket").asText()).toList();
    List<String> expected = calendar.labels(from, view.asOf());
    if (!labels.equals(expected)) {
      differences.note(key + " buckets", labels.toString(), expected);
    }
    Map<String, LedgerView.Bucket> buckets = view.buckets(calendar);
    for (JsonNode bucket : published) {
      String label = bucket.path("bucket").asText();
      differences.compareAll(
          key + " " + label, bucket, view.figures(buckets.getOrDefault(label, EMPTY)));
    }
  }

  /** Totals and days of each model or provider over the 30 days that end with now's. */
  private void groups(
      Map<String, JsonNode> documents, String key, Function<LedgerEntry, String> group) {
    Optional<JsonNode> document = document(documents, key);
    if (document.isEmpty()) {
      return;
    }
    long start = view.asOf() - Math.floorMod(view.asOf(), DAY) - 29 * DAY;
    List<JsonNode> published = Published.listOf(document.get(), "totals");
    Set<String> ids = new HashSet<>();
    view.activeSince(start).stream().map(group).forEach(ids::add);
    for (String id : ids.stream().sorted().toList()) {
      String where = key + " " + id;
      Optional<JsonNode> entry = Published.withId(published, id);
      if (entry.isEmpty()) {
        differences.note(where, "nothing", "a session at least");
        continue;
      }
      LedgerView own = view.only(e -> group.apply(e).equals(id));
      days(where, entry.get().path("daily"), own, start);
      totals(where + " totals", entry.get().path("totals"), own.since(start - 1));
    }
    if (published.size() != ids.size()) {
      differences.note(key, published.size() + " entries", ids.size());
    }
  }

  private void totals(String where, JsonNode published, Map<String, Figure> expected) {
    for (String name : List.of("sessionsClosed", "tokens")) {
      if (!published.has(name)) {
        differences.note(where + " " + name, "nothing", "a figure");
      }
    }
    differences.comparePresent(where, published, expected);
  }

  private void days(String where, JsonNode published, LedgerView own, long start) {
    Map<String, LedgerView.Bucket> buckets = own.buckets(Calendar.DAILY);
    List<String> labels = Calendar.DAILY.labels(start, view.asOf());
    if (published.size() != labels.size()) {
      differences.note(where + " daily", published.size() + " days", labels.size());
    }
    for (JsonNode day : published) {
      String label = day.path("bucket").asText();
      differences.comparePresent(
          where + " " + label, day, view.figures(buckets.getOrDefault(label, EMPTY)));
    }
  }
}
