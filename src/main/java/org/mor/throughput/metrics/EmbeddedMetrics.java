package org.mor.throughput.metrics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * CloudWatch's embedded metric format: JSON lines on standard output of a Lambda function become
 * metrics without an agent and without a call.
 */
public final class EmbeddedMetrics {
  private EmbeddedMetrics() {}

  /**
   * One line with every value, then one for each kind of RPC error.
   *
   * @param runId a property of each line, by which it is found in the log
   */
  public static List<String> lines(Measured measured, Instant time, String runId) {
    List<String> lines = new ArrayList<>();
    Line all = new Line(time, runId).dimension(Metric.NETWORK_DIMENSION, measured.network());
    measured.values().forEach(all::value);
    lines.add(all.json());
    for (Map.Entry<String, Long> errors : measured.rpcErrors().entrySet()) {
      lines.add(
          new Line(time, runId)
              .dimension(Metric.NETWORK_DIMENSION, measured.network())
              .dimension(Metric.KIND_DIMENSION, errors.getKey())
              .value(Metric.RPC_ERRORS, errors.getValue())
              .json());
    }
    return lines;
  }

  /** A line being written; its texts are plain names, so nothing needs to be escaped. */
  private static final class Line {
    private final Instant time;
    private final List<String> dimensions = new ArrayList<>();
    private final List<String> metrics = new ArrayList<>();
    private final StringBuilder members = new StringBuilder();

    Line(Instant time, String runId) {
      this.time = time;
      // Lambda's log filter drops a line below the level it is set to; one without is INFO.
      text("timestamp", time.toString());
      text("level", "INFO");
      text("runId", runId.replaceAll("[^A-Za-z0-9_.:-]", "_"));
    }

    Line dimension(String name, String value) {
      dimensions.add('"' + name + '"');
      text(name, value);
      return this;
    }

    Line value(Metric metric, long value) {
      metrics.add(
          "{\"Name\":\"%s\",\"Unit\":\"%s\"}"
              .formatted(metric.cloudWatchName(), metric.unit().text()));
      members.append(",\"").append(metric.cloudWatchName()).append("\":").append(value);
      return this;
    }

    String json() {
      return "{\"_aws\":{\"Timestamp\":%s,\"CloudWatchMetrics\":[{\"Namespace\":\"%s\",\"Dimensions\":[[%s]],\"Metrics\":[%s]}]}%s}"
          .formatted(
              time.toEpochMilli(),
              Metric.NAMESPACE,
              String.join(",", dimensions),
              String.join(",", metrics),
              members);
    }

    private void text(String name, String value) {
      members.append(",\"").append(name).append("\":\"").append(value).append('"');
    }
  }
}
