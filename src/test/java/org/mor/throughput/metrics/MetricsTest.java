package org.mor.throughput.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mor.throughput.testing.Languages;

class MetricsTest {
  private static final Instant NOW = Instant.parse("2026-04-21T13:00:00.123Z");

  @Test
  void everyNameIsThatOfItsConstant() {
    for (Metric metric : Metric.values()) {
      String snake =
          metric
              .cloudWatchName()
              .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
              .toUpperCase(java.util.Locale.ROOT);
      assertThat(snake).isEqualTo(metric.name());
      assertThat(metric.prometheusName()).matches("throughput_[a-z_]+");
    }
  }

  @Test
  void aLineHoldsEveryValueAndPublishesTheFewBelowTheFunctionsName() throws IOException {
    EnumMap<Metric, Long> values = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      values.put(metric, (long) values.size());
    }
    JsonNode line = line(values, "prd-indexer", "run-1");
    assertThat(line.at("/_aws/Timestamp").longValue()).isEqualTo(NOW.toEpochMilli());
    JsonNode directive = line.at("/_aws/CloudWatchMetrics/0");
    assertThat(directive.path("Namespace").textValue()).isEqualTo("MorpheusThroughput");
    assertThat(directive.path("Dimensions")).hasToString("[[\"FunctionName\"]]");
    assertThat(line.path("FunctionName").textValue()).isEqualTo("prd-indexer");
    assertThat(line.path("Network").textValue()).isEqualTo("base");
    assertThat(line.path("runId").textValue()).isEqualTo("run-1");
    values.forEach(
        (metric, value) ->
            assertThat(line.path(metric.cloudWatchName()).longValue()).isEqualTo(value));
    assertThat(directive.path("Metrics"))
        .hasToString(
            "[{\"Name\":\"RunSucceeded\",\"Unit\":\"None\"},{\"Name\":\"CursorLagSeconds\",\"Unit\":\"Seconds\"},{\"Name\":\"ReauditRowsFound\",\"Unit\":\"Count\"},{\"Name\":\"ProofProven\",\"Unit\":\"None\"}]");
  }

  @Test
  void metricsAreTheSameInEveryLanguage() throws Exception {
    Measured measured = new Measured("base", Map.of(Metric.CURSOR_LAG_BLOCKS, 1_234_567L));
    String embedded = measured.embeddedLine("prd-indexer", NOW, "run-1");
    List<String> prometheus = measured.prometheusLines();
    assertThat(prometheus.get(2)).endsWith(" 1234567");
    for (Locale language : Languages.ALL) {
      Languages.in(
          language,
          () -> {
            assertThat(measured.embeddedLine("prd-indexer", NOW, "run-1")).isEqualTo(embedded);
            assertThat(measured.prometheusLines()).isEqualTo(prometheus);
          });
    }
  }

  @Test
  void whatIsNotKnownIsNeitherAFieldNorAMetric() throws IOException {
    JsonNode line = line(Map.of(Metric.RUN_SUCCEEDED, 0L), "prd-indexer", "run \"1\"");
    assertThat(line.at("/_aws/CloudWatchMetrics/0/Metrics"))
        .hasToString("[{\"Name\":\"RunSucceeded\",\"Unit\":\"None\"}]");
    assertThat(line.has("CursorLagSeconds")).isFalse();
    assertThat(line.path("runId").textValue()).isEqualTo("run__1_");
  }

  @Test
  void prometheusReadsTheSameNames() {
    Measured measured = new Measured("base", Map.of(Metric.CURSOR_LAG_BLOCKS, 25L));
    assertThat(measured.prometheusLines())
        .containsExactly(
            "# HELP throughput_cursor_lag_blocks blocks between the cursor and the newest one",
            "# TYPE throughput_cursor_lag_blocks gauge",
            "throughput_cursor_lag_blocks{network=\"base\"} 25");
  }

  @Test
  void aNameThatWouldNeedEscapingIsRefused() {
    assertThatThrownBy(() -> new Measured("base\"", Map.of()))
        .hasMessageContaining("'base\"' is not a plain name");
    assertThatThrownBy(() -> line(Map.of(), "a\"b", "run-1"))
        .hasMessageContaining("'a\"b' is not a plain name");
  }

  private static JsonNode line(Map<Metric, Long> values, String function, String runId)
      throws IOException {
    return new ObjectMapper()
        .readTree(new Measured("base", values).embeddedLine(function, NOW, runId));
  }
}
