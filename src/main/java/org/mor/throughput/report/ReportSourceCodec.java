package org.mor.throughput.report;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mor.throughput.publish.DocumentKeys;
import org.mor.throughput.publish.PerformanceMonthCodec;
import org.mor.throughput.publish.PublishedPerformance;
import org.mor.throughput.publish.PublishedPerformanceCodec;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;

/** Reads the published documents of a month. */
public final class ReportSourceCodec {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private ReportSourceCodec() {}

  /**
   * Reads what is published of a month.
   *
   * @throws NothingToReportException when nothing is
   */
  public static ReportSource read(ObjectStore store, Month month) {
    SortedMap<Month, MonthFigures> months = figures(store);
    MonthFigures figures = months.get(month);
    PublishedPerformance performance =
        PublishedPerformanceCodec.decode(document(store, DocumentKeys.PERFORMANCE_INDEX).body());
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
      for (JsonNode bucket : JSON.readTree(document(store, key).body()).path("buckets")) {
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
