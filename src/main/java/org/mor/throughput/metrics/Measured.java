package org.mor.throughput.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured, of one network.
 *
 * @param network the network's name, such as {@code base}
 * @param values what is known, in the order of {@link Metric}
 */
public record Measured(String network, Map<Metric, Long> values) {
  public Measured {
    EnumMap<Metric, Long> sorted = new EnumMap<>(Metric.class);
    sorted.putAll(values);
    values = Collections.unmodifiableMap(sorted);
    plain(network);
  }

  /** Returns a name that goes into JSON and Prometheus' text as it is, or throws. */
  private static String plain(String name) {
    if (!name.matches("[A-Za-z0-9_ -]{1,64}")) {
      throw new IllegalArgumentException("'%s' is not a plain name".formatted(name));
    }
    return name;
  }

  /**
   * One line in CloudWatch's embedded metric format, with every value as a field: on standard
   * output of a Lambda function it becomes metrics without an agent and without a call. CloudWatch
   * makes metrics of the published ones.
   *
   * @param function the function's name, the metrics' dimension
   * @param runId a field, by which the line is found in the log
   */
  public String embeddedLine(String function, Instant time, String runId) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    ObjectNode aws = line.putObject("_aws").put("Timestamp", time.toEpochMilli());
    ObjectNode directive = aws.putArray("CloudWatchMetrics").addObject();
    directive.put("Namespace", Metric.NAMESPACE);
    directive.putArray("Dimensions").addArray().add(Metric.FUNCTION_DIMENSION);
    ArrayNode metrics = directive.putArray("Metrics");
    line.put("timestamp", time.toString())
        // Lambda's log filter drops a line below the level it is set to; one without is INFO.
        .put("level", "INFO")
        .put("runId", runId.replaceAll("[^A-Za-z0-9_.:-]", "_"))
        .put(Metric.FUNCTION_DIMENSION, plain(function))
        .put("Network", network);
    values.forEach(
        (metric, value) -> {
          line.put(metric.cloudWatchName(), value);
          if (metric.isPublished()) {
            metrics
                .addObject()
                .put("Name", metric.cloudWatchName())
                .put("Unit", metric.unit().text());
          }
        });
    return line.toString();
  }

  /** Gauges in Prometheus' text format, version 0.0.4; the lines, without line ends. */
  public List<String> prometheusLines() {
    List<String> lines = new ArrayList<>();
    values.forEach(
        (metric, value) -> {
          String name = metric.prometheusName();
          lines.add("# HELP %s %s".formatted(name, metric.meaning()));
          lines.add("# TYPE %s gauge".formatted(name));
          lines.add("%s{network=\"%s\"} %s".formatted(name, network, value));
        });
    return lines;
  }
}
