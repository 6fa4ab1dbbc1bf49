package org.mor.throughput.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.rollup.Sketch;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserId;

/**
 * The queries of {@code sql/} against the documents of a store, bucket by bucket and to the unit,
 * whatever engine runs them. An engine has the tables {@code raw_closes} and {@code raw_opens} with
 * at least {@link #CLOSES} and {@link #OPENS}, and runs in UTC.
 */
public final class SavedQueries {
  /** Runs a query as it stands and gives its rows by column; the names' case does not matter. */
  @FunctionalInterface
  public interface Engine {
    List<Map<String, Object>> run(String sql) throws Exception;
  }

  private static final String OPEN_COLUMNS =
      "schema bigint, sessionId string, user string, provider string, bidId string, modelId string, openedAt bigint, endsAt bigint, stakeWei string, directPayment boolean, blockNumber bigint, logIndex bigint, txHash string, readAtBlock bigint, generation bigint, retracted boolean";

  /** The columns of {@code raw/opens} and their types as Hive names them. */
  public static final Map<String, String> OPENS = columns(OPEN_COLUMNS);

  /** The columns of {@code raw/closes}. */
  public static final Map<String, String> CLOSES =
      columns(
          OPEN_COLUMNS
              + ", modelName string, closedAt bigint, durationSeconds bigint, pricePerSecondWei string, paidWei string, closeoutType bigint, receiptFormat string, tpsScaled1000 bigint, ttftMs bigint, inputTokens bigint, outputTokens bigint, receiptBytes bigint");

  /** The columns of the exported lake's opens, as a reader finds them in a file. */
  public static final Map<String, String> LAKE_OPENS =
      columns(
          "schema bigint, sessionId string, user string, provider string, bidId string, modelId string, openedAt bigint, endsAt bigint, stakeWei decimal(38,0), directPayment boolean, blockNumber bigint, logIndex bigint, txHash string, modelName string, modelType string, readAtBlock bigint, generation bigint, openedAtUtc timestamp, endsAtUtc timestamp");

  /** The columns of the exported lake's closes. */
  public static final Map<String, String> LAKE_CLOSES =
      columns(
          "schema bigint, sessionId string, user string, provider string, bidId string, modelId string, modelName string, openedAt bigint, endsAt bigint, closedAt bigint, durationSeconds bigint, stakeWei decimal(38,0), pricePerSecondWei decimal(38,0), paidWei decimal(38,0), closeoutType bigint, directPayment boolean, receiptFormat string, tpsScaled1000 bigint, ttftMs bigint, inputTokens bigint, outputTokens bigint, receiptBytes bigint, blockNumber bigint, logIndex bigint, txHash string, readAtBlock bigint, modelType string, disputed boolean, closedEarly boolean, tokenClass string, legacyEstTokensScaled1000 bigint, implausible boolean, gateway boolean, earnedWei decimal(38,0), generation bigint, openedAtUtc timestamp, endsAtUtc timestamp, closedAtUtc timestamp");

  private static final List<String> EXACT =
      List.of(
          "sessionsOpened",
          "sessionsClosed",
          "sessionsDisputed",
          "sessionsClosedEarly",
          "sessionsWithTokens",
          "sessionsLegacyEst",
          "sessionsMissingTokens",
          "sessionsIdle",
          "sessionsFlagged",
          "tokens",
          "tokensReceipt",
          "inputTokens",
          "outputTokens",
          "tokensLegacyEst",
          "tokensDisputed",
          "tokensFlagged",
          "sessionSeconds",
          "tpsSamples",
          "ttftSamples",
          "uniqueUsers",
          "uniqueProviders",
          "uniqueModels");

  private static final List<String> GATEWAY = List.of("sessionsGateway", "tokensGateway");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final Path store;
  private final MetricRules rules;
  private final Engine engine;
  private final Set<String> seen = new TreeSet<>();
  private int buckets;

  private SavedQueries(Path store, MetricRules rules, Engine engine) {
    this.store = store;
    this.rules = rules;
    this.engine = engine;
  }

  /** What was compared: how many buckets, and the figures that were above 0 in one of them. */
  public record Compared(int buckets, Set<String> figures) {}

  /**
   * Fails unless every bucket of the documents in the folder {@code store} is what the queries say,
   * and the queries have no bucket more.
   *
   * @param rules those that the documents were computed by
   */
  public static Compared assertAgree(Path store, MetricRules rules, Engine engine) {
    SavedQueries queries = new SavedQueries(store, rules, engine);
    for (String series : List.of("daily", "weekly", "monthly")) {
      JsonNode document = queries.document(series);
      Map<String, Map<String, Object>> rows = queries.rows(series, document);
      queries.compare(document.path("buckets"), "all ", rows);
      assertThat(rows.keySet()).as("buckets of the query only: " + series).isEmpty();
    }
    queries.compareEach("by-model", "models");
    queries.compareEach("by-provider", "providers");
    return new Compared(queries.buckets, queries.seen);
  }

  private void compareEach(String query, String list) {
    JsonNode document = document(query + "-daily");
    Map<String, Map<String, Object>> rows = rows(query, document);
    for (JsonNode one : document.path(list)) {
      String id = one.path("id").asText() + " ";
      compare(one.path("totals"), rows.remove(id + "total"), query + " " + id);
      compare(one.path("daily"), id, rows);
    }
    assertThat(rows.keySet()).as("buckets of the query only: " + query).isEmpty();
  }

  private JsonNode document(String name) {
    try {
      return JSON.readTree(store.resolve("rollup/" + name + ".json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By id and bucket. */
  private Map<String, Map<String, Object>> rows(String query, JsonNode document) {
    Map<String, Map<String, Object>> rows = new TreeMap<>();
    try {
      String sql = Files.readString(Path.of("sql", query + ".sql"));
      for (Map<String, Object> row : engine.run(withSettings(sql, document))) {
        Map<String, Object> named = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        named.putAll(row);
        assertThat(rows.put(named.get("id") + " " + named.get("bucket"), named)).isNull();
      }
    } catch (Exception e) {
      throw new AssertionError(query + ": " + e.getMessage(), e);
    }
    return rows;
  }

  /** The query with the document's asOf and the rules in place of what its settings say. */
  private String withSettings(String sql, JsonNode document) {
    Instant asOf = Instant.parse(document.path("asOfTime").asText());
    String text = set(sql, "as_of_block", document.path("asOfBlock").asText());
    text = set(text, "as_of_time", Long.toString(asOf.getEpochSecond()));
    text = set(text, "tps_clamp", Long.toString(rules.tpsClamp()));
    text = set(text, "legacy_from", Long.toString(rules.legacyFrom()));
    text = set(text, "legacy_until", Long.toString(rules.legacyUntil()));
    String wallets =
        rules.gatewayWallets().stream()
            .map(UserId::toHex)
            .sorted()
            .collect(Collectors.joining(",", "'", "'"));
    return set(text, "gateway_wallets", wallets);
  }

  private static String set(String sql, String name, String value) {
    Matcher setting =
        Pattern.compile("(?<=    cast\\()\\S+(?= as \\S+ as " + name + "\\b)").matcher(sql);
    assertThat(setting.results()).as("settings named " + name).hasSize(1);
    return setting.replaceFirst(Matcher.quoteReplacement(value));
  }

  private void compare(JsonNode published, String id, Map<String, Map<String, Object>> rows) {
    for (JsonNode bucket : published) {
      String name = id + bucket.path("bucket").asText();
      compare(bucket, rows.remove(name), name);
    }
  }

  private void compare(JsonNode published, @Nullable Map<String, Object> row, String name) {
    buckets++;
    if (row == null) {
      EXACT.forEach(figure -> assertThat(number(published, figure)).as(name + figure).isZero());
      return;
    }
    EXACT.forEach(figure -> same(published, figure, name, exact(row, figure)));
    for (String figure : GATEWAY) {
      boolean known = !rules.gatewayWallets().isEmpty();
      same(published, figure, name, known ? exact(row, figure) : null);
    }
    same(published, "morStake", name, mor(row, "stakeWei"));
    same(published, "morPaid", name, mor(row, "paidWei"));
    same(published, "morEarned", name, mor(row, "earnedWei"));
    mean(published, row, name, "avgTps", "tpsScaled1000Sum", 3);
    mean(published, row, name, "avgTpsClamped", "tpsClampedScaled1000Sum", 3);
    mean(published, row, name, "avgTtftMs", "ttftMsSum", 0);
    for (int percent : new int[] {50, 95, 99}) {
      percentile(published, row, name, "tpsP" + percent, percent, 3);
      percentile(published, row, name, "ttftMsP" + percent, percent, 0);
    }
  }

  private void same(JsonNode published, String figure, String name, @Nullable BigDecimal found) {
    BigDecimal said = number(published, figure);
    assertThat(found)
        .as("%s %s", name, figure)
        .usingComparator(SavedQueries::order)
        .isEqualTo(said);
    if (found != null && found.signum() > 0) {
      seen.add(figure);
    }
  }

  /** The exact mean is the published one, and the query's own is it before rounding. */
  private void mean(
      JsonNode published, Map<String, Object> row, String name, String figure, String sum, int of) {
    String samples = figure.equals("avgTtftMs") ? "ttftSamples" : "tpsSamples";
    BigDecimal count = exact(row, samples);
    if (count.signum() == 0) {
      same(published, figure, name, null);
      assertThat(row.get(figure)).isNull();
      return;
    }
    int decimals = of == 0 ? 1 : of;
    BigDecimal exact = exact(row, sum).movePointLeft(of);
    same(published, figure, name, exact.divide(count, decimals, RoundingMode.HALF_EVEN));
    BigDecimal half = BigDecimal.valueOf(501, 3 + decimals);
    assertThat(exact(row, figure).subtract(number(published, figure)).abs())
        .isLessThanOrEqualTo(half);
  }

  /** The document has the middle of the bucket of its sketch that the exact value falls into. */
  private void percentile(
      JsonNode published,
      Map<String, Object> row,
      String name,
      String figure,
      int percent,
      int decimals) {
    if (row.get(figure) == null) {
      same(published, figure, name, null);
      return;
    }
    Sketch sketch = new Sketch();
    sketch.add(exact(row, figure).movePointRight(decimals).longValueExact());
    same(
        published,
        figure,
        name,
        BigDecimal.valueOf(sketch.percentile(percent).orElseThrow(), decimals));
  }

  private static int order(@Nullable BigDecimal one, @Nullable BigDecimal other) {
    if (one == null || other == null) {
      return (one == null) == (other == null) ? 0 : 1;
    }
    return one.compareTo(other);
  }

  private static @Nullable BigDecimal number(JsonNode published, String figure) {
    assertThat(published.has(figure)).as("the document has " + figure).isTrue();
    return published.path(figure).isNull() ? null : published.path(figure).decimalValue();
  }

  private static BigDecimal exact(Map<String, Object> row, String figure) {
    assertThat(row).containsKey(figure);
    return new BigDecimal(String.valueOf(row.get(figure)));
  }

  private static BigDecimal mor(Map<String, Object> row, String figure) {
    return exact(row, figure).movePointLeft(18).setScale(6, RoundingMode.HALF_EVEN);
  }

  private static Map<String, String> columns(String text) {
    return List.of(text.split(", ", -1)).stream()
        .map(column -> column.split(" ", -1))
        .collect(
            Collectors.toMap(
                column -> column[0],
                column -> column[1],
                (a, b) -> a,
                java.util.LinkedHashMap::new));
  }

  /** The columns as a list for SQL, each with its type as an engine names it. */
  public static String columns(Map<String, String> columns, Function<String, String> type) {
    return columns.entrySet().stream()
        .map(column -> "%s: '%s'".formatted(column.getKey(), type.apply(column.getValue())))
        .collect(Collectors.joining(", "));
  }
}
