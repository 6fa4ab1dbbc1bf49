package org.mor.throughput.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mor.throughput.base.Json;
import org.mor.throughput.publish.DocumentKeys;
import org.mor.throughput.publish.PerformanceIndexCodec;
import org.mor.throughput.publish.PerformanceIndexCodec.PublishedPerformance;
import org.mor.throughput.publish.PerformanceMonthCodec;
import org.mor.throughput.rollup.PerformanceMonth;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;

/** Reads the published documents of a month. */
public final class ReportSourceCodec {
  private ReportSourceCodec() {}

  /**
   * What a report is made of.
   *
   * @param asOfTime ISO 8601
   * @param isOver whether the month was over at asOfTime
   * @param before the month before; empty where there is none
   * @param modelNames by model id
   */
  public record ReportSource(
      String network,
      long asOfBlock,
      String asOfTime,
      Month month,
      boolean isOver,
      MonthFigures figures,
      Optional<MonthFigures> before,
      PerformanceMonth cells,
      Map<String, String> modelNames) {
    public ReportSource {
      modelNames = Map.copyOf(modelNames);
    }
  }

  /** The published metrics of one month, by their names; a null one is absent. */
  public record MonthFigures(Map<String, BigDecimal> byName) {
    public MonthFigures {
      byName = Map.copyOf(byName);
    }

    Optional<BigDecimal> find(String name) {
      return Optional.ofNullable(byName.get(name));
    }

    /** A figure that is always there; 0 where a document does not have it. */
    BigDecimal sum(String name) {
      return byName.getOrDefault(name, BigDecimal.ZERO);
    }

    /**
     * What receipts state without implausible ones and estimates, as the page counts by default.
     */
    BigDecimal plausibleTokens() {
      return sum("inputTokens").add(sum("outputTokens")).subtract(sum("tokensFlagged"));
    }
  }

  /** A month that the published documents say nothing of; the message says which they know. */
  public static final class NothingToReportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NothingToReportException(String message) {
      super(message);
    }
  }

  /**
   * Reads what is published of a month.
   *
   * @throws NothingToReportException when nothing is
   */
  public static ReportSource read(ObjectStore store, Month month) {
    SortedMap<Month, MonthFigures> months = figures(store);
    MonthFigures figures = months.get(month);
    PublishedPerformance performance =
        PerformanceIndexCodec.decode(document(store, DocumentKeys.PERFORMANCE_INDEX).body());
    ObjectKey cells = performance.months().get(month);
    if (figures == null || cells == null) {
      throw new NothingToReportException(
          "Nothing is published of %s in %s: the published months are %s"
              .formatted(
                  month,
                  store.location(),
                  months.isEmpty() ? "none" : months.firstKey() + " to " + months.lastKey()));
    }
    boolean isOver =
        Instant.parse(performance.asOfTime()).getEpochSecond() >= month.next().firstSecond();
    Month previous = new Month(month.value().minusMonths(1));
    return new ReportSource(
        performance.network(),
        performance.asOfBlock(),
        performance.asOfTime(),
        month,
        isOver,
        figures,
        Optional.ofNullable(months.get(previous)),
        PerformanceMonthCodec.decode(document(store, cells).body()),
        performance.models());
  }

  private static SortedMap<Month, MonthFigures> figures(ObjectStore store) {
    ObjectKey key = DocumentKeys.MONTHLY;
    try {
      SortedMap<Month, MonthFigures> months = new TreeMap<>();
      for (JsonNode bucket : Json.EXACT.readTree(document(store, key).body()).path("buckets")) {
        months.put(Month.parse(bucket.path("bucket").asText()), figures(bucket));
      }
      return months;
    } catch (IOException e) {
      throw new CorruptObjectException(
          "Reading %s of %s: it is no JSON; run rollup again".formatted(key, store.location()), e);
    }
  }

  private static MonthFigures figures(JsonNode bucket) {
    Map<String, BigDecimal> byName = new HashMap<>();
    bucket
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isNumber()) {
                byName.put(field.getKey(), field.getValue().decimalValue());
              }
            });
    return new MonthFigures(byName);
  }

  private static StoredObject document(ObjectStore store, ObjectKey key) {
    return store
        .find(key)
        .orElseThrow(
            () ->
                new NothingToReportException(
                    "%s is not in %s yet: run rollup first".formatted(key, store.location())));
  }
}
