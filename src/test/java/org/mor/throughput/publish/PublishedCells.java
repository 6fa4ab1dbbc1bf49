package org.mor.throughput.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads cells as a stranger would, from the description of the format and with none of the code
 * that wrote them.
 */
final class PublishedCells {
  static final List<String> AMOUNTS =
      List.of(
          "sessionsClosed",
          "sessionsLegacyEst",
          "sessionsDisputed",
          "sessionsClosedEarly",
          "sessionsIdle",
          "sessionsFlagged",
          "inputTokens",
          "outputTokens",
          "legacyMilliTokens",
          "disputedMilliTokens",
          "tokensFlagged",
          "sessionSeconds",
          "ttftOver30s",
          "tpsSamples",
          "ttftSamples");

  private final List<Cell> cells = new ArrayList<>();

  /** One row of a table; null for what is not known. */
  record Cell(
      LocalDate day,
      @Nullable String model,
      @Nullable String provider,
      int input,
      int output,
      Map<String, Long> amounts,
      Map<Integer, Long> tps,
      Map<Integer, Long> ttft) {}

  /** Rows added up. */
  static final class Total {
    final Map<String, Long> amounts = new TreeMap<>();
    final Map<Integer, Long> tps = new TreeMap<>();
    final Map<Integer, Long> ttft = new TreeMap<>();
  }

  static PublishedCells ofMonths(List<Document> documents) throws IOException {
    PublishedCells all = new PublishedCells();
    for (Document document : documents) {
      JsonNode root = new JsonMapper().readTree(document.body());
      JsonNode table = root.path("cells");
      LocalDate first = LocalDate.parse(root.path("month").asText() + "-01");
      List<LocalDate> days = new ArrayList<>();
      List<Integer> keys = new ArrayList<>();
      for (int day = 0; day < table.path("perDay").size(); day++) {
        int key = 0;
        for (int i = 0; i < table.path("perDay").get(day).asInt(); i++) {
          key += table.path("key").get(days.size()).asInt();
          days.add(first.plusDays(day));
          keys.add(key);
        }
      }
      all.add(root, root.path("keys"), table, days, keys);
    }
    return all;
  }

  static PublishedCells ofGroups(Document performance) throws IOException {
    JsonNode root = new JsonMapper().readTree(performance.body());
    JsonNode table = root.path("groups");
    List<LocalDate> days = new ArrayList<>();
    List<Integer> keys = new ArrayList<>();
    for (int i = 0; i < table.path("model").size(); i++) {
      days.add(LocalDate.parse(root.path("firstDay").asText()));
      keys.add(i);
    }
    PublishedCells all = new PublishedCells();
    all.add(root, table, table, days, keys);
    return all;
  }

  private void add(
      JsonNode root, JsonNode keys, JsonNode table, List<LocalDate> days, List<Integer> rows) {
    int[] at = new int[2];
    for (int row = 0; row < rows.size(); row++) {
      int key = rows.get(row);
      Map<String, Long> amounts = new TreeMap<>();
      for (String amount : AMOUNTS) {
        amounts.put(amount, table.path(amount).get(row).asLong());
      }
      Map<Integer, Long> tps = new TreeMap<>();
      Map<Integer, Long> ttft = new TreeMap<>();
      at[0] = addRow(table.path("tpsSketch"), at[0], amounts.get("tpsSamples"), tps);
      at[1] = addRow(table.path("ttftSketch"), at[1], amounts.get("ttftSamples"), ttft);
      cells.add(
          new Cell(
              days.get(row),
              text(root.path("models"), keys.path("model").get(key).asInt()),
              text(root.path("providers"), keys.path("provider").get(key).asInt()),
              keys.path("input").get(key).asInt(),
              keys.path("output").get(key).asInt(),
              amounts,
              tps,
              ttft));
    }
  }

  private static int addRow(JsonNode codes, int start, long samples, Map<Integer, Long> counts) {
    int at = start;
    int bucket = 0;
    for (long seen = 0; seen < samples; at++) {
      int n = codes.get(at).asInt();
      bucket += Math.max(0, n);
      long count = n < 0 ? -n : 1;
      counts.merge(bucket, count, Long::sum);
      seen += count;
    }
    return at;
  }

  private static @Nullable String text(JsonNode list, int place) {
    return place < 0
        ? null
        : list.get(place).isObject()
            ? list.get(place).path("id").asText()
            : list.get(place).asText();
  }

  List<Cell> cells() {
    return cells;
  }

  Total total(Predicate<Cell> which) {
    Total total = new Total();
    AMOUNTS.forEach(amount -> total.amounts.put(amount, 0L));
    cells.stream()
        .filter(which)
        .forEach(
            cell -> {
              cell.amounts().forEach((k, v) -> total.amounts.merge(k, v, Long::sum));
              cell.tps().forEach((k, v) -> total.tps.merge(k, v, Long::sum));
              cell.ttft().forEach((k, v) -> total.ttft.merge(k, v, Long::sum));
            });
    return total;
  }

  /** The middle of the bucket that holds rank ceil(percent n / 100). */
  static BigInteger percentile(Map<Integer, Long> counts, int percent) {
    long n = counts.values().stream().mapToLong(Long::longValue).sum();
    long rank = (percent * n + 99) / 100;
    long seen = 0;
    for (Map.Entry<Integer, Long> bucket : counts.entrySet()) {
      seen += bucket.getValue();
      if (seen >= rank) {
        int s = Math.max(0, bucket.getKey() / 64 - 1);
        long low = (bucket.getKey() - 64L * s) << s;
        return BigInteger.valueOf(low + ((1L << s) - 1) / 2);
      }
    }
    throw new AssertionError("No sample");
  }
}
