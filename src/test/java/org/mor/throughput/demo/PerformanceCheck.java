package org.mor.throughput.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.demo.Ledger.LedgerEntry;
import org.mor.throughput.session.MetricRules;

/** Compares published cells and groups with the simulator's ledger. */
public final class PerformanceCheck {
  private static final long DAY = 86_400;
  private static final int MEDIAN_SAMPLES = 30;

  private static final List<String> SUMS =
      List.of(
          "sessionsClosed",
          "sessionsDisputed",
          "sessionsClosedEarly",
          "sessionsIdle",
          "sessionsFlagged",
          "sessionsLegacyEst",
          "inputTokens",
          "outputTokens",
          "tokensFlagged",
          "sessionSeconds",
          "tpsSamples",
          "ttftSamples");

  private final LedgerView view;
  private final Map<String, JsonNode> documents;
  private final Differences differences = new Differences();

  private PerformanceCheck(LedgerView view, Map<String, JsonNode> documents) {
    this.view = view;
    this.documents = documents;
  }

  /**
   * Where cells and groups differ from the ledger; empty when they agree.
   *
   * @param documents the published documents by key, the months of cells included
   */
  public static List<String> compare(
      Ledger ledger, Map<String, JsonNode> documents, long asOfBlock, MetricRules rules) {
    PerformanceCheck check =
        new PerformanceCheck(
            new LedgerView(ledger, asOfBlock, rules, PaidReading.AT_AS_OF), documents);
    JsonNode performance = check.document("rollup/performance.json");
    check.months(check.document("rollup/performance-index.json"));
    check.groups(performance);
    return check.differences.found();
  }

  private JsonNode document(String key) {
    JsonNode document = documents.get(key);
    if (document == null) {
      differences.note(key, "nothing", "a document");
      return MissingNode.getInstance();
    }
    return document;
  }

  private void months(JsonNode index) {
    Map<String, String> files = new HashMap<>();
    index.path("months").forEach(m -> files.put(text(m, "month"), text(m, "file")));
    JsonNode current = index.path("current");
    files.put(text(current, "month"), text(current, "file"));
    Map<String, LedgerView.Bucket> buckets = view.buckets(Calendar.MONTHLY);
    for (Map.Entry<String, LedgerView.Bucket> month : buckets.entrySet()) {
      Map<String, Figure> expected = view.figures(month.getValue());
      String key = files.get(month.getKey());
      if (key != null) {
        JsonNode cells = document(key).path("cells");
        SUMS.forEach(name -> sum(key + " " + name, cells.path(name), figure(expected, name)));
      } else if (!figure(expected, "sessionsClosed").equals(Figure.exactly(0))) {
        differences.note(
            "cells of " + month.getKey(), "no file", figure(expected, "sessionsClosed"));
      }
    }
  }

  private void sum(String where, JsonNode column, Figure expected) {
    long sum = 0;
    for (JsonNode value : column) {
      sum += value.asLong();
    }
    differences.compare(where, LongNode.valueOf(sum), expected);
  }

  private void groups(JsonNode performance) {
    long start = view.asOf() - Math.floorMod(view.asOf(), DAY) - 29 * DAY;
    JsonNode groups = performance.path("groups");
    for (int row = 0; row < groups.path("model").size(); row++) {
      int at = row;
      String model =
          performance
              .path("models")
              .path(groups.path("model").path(at).asInt())
              .path("id")
              .asText();
      String provider =
          performance.path("providers").path(groups.path("provider").path(at).asInt()).asText();
      int input = groups.path("input").path(at).asInt();
      int output = groups.path("output").path(at).asInt();
      LedgerView own =
          view.only(
              e ->
                  e.modelId().toHex().equals(model)
                      && e.provider().toHex().equals(provider)
                      && size(e, e.inputTokens(), 1_000, 10_000) == input
                      && size(e, e.outputTokens(), 500, 4_000) == output);
      Map<String, Figure> expected = own.since(start - 1);
      String where = "rollup/performance.json group " + row + " ";
      SUMS.forEach(
          n -> differences.compare(where + n, groups.path(n).path(at), figure(expected, n)));
      median(where + "tpsP50", groups, "tpsSamples", "tpsP50", at, expected);
      median(where + "ttftMsP50", groups, "ttftSamples", "ttftMsP50", at, expected);
    }
    sum(
        "rollup/performance.json sessionsClosed",
        groups.path("sessionsClosed"),
        figure(view.since(start - 1), "sessionsClosed"));
  }

  private void median(
      String where,
      JsonNode groups,
      String samples,
      String name,
      int row,
      Map<String, Figure> expected) {
    boolean shown = groups.path(samples).path(row).asLong() >= MEDIAN_SAMPLES;
    Figure figure = shown ? figure(expected, name) : Figure.NOTHING;
    differences.compare(where, groups.path(name).path(row), figure);
  }

  private static int size(LedgerEntry entry, long tokens, long second, long third) {
    if (entry.format() != ReceiptFormat.SEVEN_FIELD) {
      return -1;
    }
    return tokens < second ? 0 : tokens < third ? 1 : 2;
  }

  private static Figure figure(Map<String, Figure> figures, String name) {
    return figures.getOrDefault(name, Figure.NOTHING);
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }
}
