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
import java.util.TreeMap;
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
  void aLineHoldsEveryValueWithItsUnitBelowTheNetwork() throws IOException {
    EnumMap<Metric, Long> values = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      values.put(metric, (long) values.size());
    }
    List<String> lines =
        EmbeddedMetrics.lines(new Measured("base", values, new TreeMap<>()), NOW, "run-1");
    assertThat(lines).hasSize(1);
    JsonNode line = new ObjectMapper().readTree(lines.get(0));
    assertThat(line.at("/_aws/Timestamp").longValue()).isEqualTo(NOW.toEpochMilli());
    JsonNode directive = line.at("/_aws/CloudWatchMetrics/0");
    assertThat(directive.path("Namespace").textValue()).isEqualTo("MorpheusThroughput");
    assertThat(directive.path("Dimensions")).hasToString("[[\"Network\"]]");
    assertThat(line.path("Network").textValue()).isEqualTo("base");
    assertThat(line.path("runId").textValue()).isEqualTo("run-1");
    // CloudWatch takes at most 100 metrics a line and 30 dimensions.
    assertThat(directive.path("Metrics").size()).isEqualTo(Metric.values().length).isLessThan(100);
    for (JsonNode definition : directive.path("Metrics")) {
      assertThat(line.path(definition.path("Name").textValue()).isIntegralNumber()).isTrue();
      assertThat(definition.path("Unit").textValue())
          .isIn("None", "Count", "Seconds", "Milliseconds");
    }
  }

  @Test
  void metricsAreTheSameInEveryLanguage() throws Exception {
    EnumMap<Metric, Long> values = new EnumMap<>(Metric.class);
    values.put(Metric.CURSOR_LAG_BLOCKS, 1_234_567L);
    Measured measured = new Measured("base", values, new TreeMap<>());
    List<String> embedded = EmbeddedMetrics.lines(measured, NOW, "run-1");
    List<String> prometheus = PrometheusText.lines(measured);
    assertThat(prometheus.get(2)).endsWith(" 1234567");
    for (Locale language : Languages.ALL) {
      Languages.in(
          language,
          () -> {
            assertThat(EmbeddedMetrics.lines(measured, NOW, "run-1")).isEqualTo(embedded);
            assertThat(PrometheusText.lines(measured)).isEqualTo(prometheus);
          });
    }
  }

  @Test
  void errorsHaveALineForEachKind() throws IOException {
    Measured measured =
        new Measured(
            "base",
            Map.of(Metric.RPC_ERRORS, 3L),
            new TreeMap<>(Map.of("rate", 2L, "refused", 1L)));
    List<String> lines = EmbeddedMetrics.lines(measured, NOW, "run \"1\"");
    assertThat(lines).hasSize(3);
    JsonNode rate = new ObjectMapper().readTree(lines.get(1));
    assertThat(rate.at("/_aws/CloudWatchMetrics/0/Dimensions"))
        .hasToString("[[\"Network\",\"Kind\"]]");
    assertThat(rate.path("Kind").textValue()).isEqualTo("rate");
    assertThat(rate.path("RpcErrors").longValue()).isEqualTo(2);
    assertThat(rate.path("runId").textValue()).isEqualTo("run__1_");
  }

  @Test
  void prometheusReadsTheSameNames() {
    Measured measured =
        new Measured("base", Map.of(Metric.CURSOR_LAG_BLOCKS, 25L), new TreeMap<>());
    assertThat(PrometheusText.lines(measured))
        .containsExactly(
            "# HELP throughput_cursor_lag_blocks blocks between the cursor and the newest one",
            "# TYPE throughput_cursor_lag_blocks gauge",
            "throughput_cursor_lag_blocks{network=\"base\"} 25");
  }

  @Test
  void aNameThatWouldNeedEscapingIsRefused() {
    assertThatThrownBy(() -> new Measured("base\"", Map.of(), new TreeMap<>()))
        .hasMessageContaining("'base\"' is not a plain name");
  }
}
