package org.mor.throughput.metrics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * CloudWatch's embedded metric format: a JSON line on standard output of a Lambda function becomes
 * metrics without an agent and without a call.
 */
public final class EmbeddedMetrics {
  private EmbeddedMetrics() {}

  /**
   * One line with every value as a field. CloudWatch makes metrics of the published ones.
   *
   * @param function the function's name, the metrics' dimension
   * @param runId a field, by which the line is found in the log
   */
  public static String line(Measured measured, String function, Instant time, String runId) {
    List<String> metrics = new ArrayList<>();
    StringBuilder fields = new StringBuilder();
    text(fields, "timestamp", time.toString());
    // Lambda's log filter drops a line below the level it is set to; one without is INFO.
    text(fields, "level", "INFO");
    text(fields, "runId", runId.replaceAll("[^A-Za-z0-9_.:-]", "_"));
    text(fields, Metric.FUNCTION_DIMENSION, Measured.plain(function));
    text(fields, "Network", measured.network());
    for (Map.Entry<Metric, Long> each : measured.values().entrySet()) {
      Metric metric = each.getKey();
      fields.append(",\"%s\":".formatted(metric.cloudWatchName())).append((long) each.getValue());
      if (metric.isPublished()) {
        metrics.add(
            "{\"Name\":\"%s\",\"Unit\":\"%s\"}"
                .formatted(metric.cloudWatchName(), metric.unit().text()));
      }
    }
    return "{\"_aws\":{\"Timestamp\":%s,\"CloudWatchMetrics\":[{\"Namespace\":\"%s\",\"Dimensions\":[[\"%s\"]],\"Metrics\":[%s]}]}%s}"
        .formatted(
            Long.toString(time.toEpochMilli()),
            Metric.NAMESPACE,
            Metric.FUNCTION_DIMENSION,
            String.join(",", metrics),
            fields);
  }

  /** Names are plain, so nothing needs to be escaped. */
  private static void text(StringBuilder fields, String name, String value) {
    fields.append(",\"%s\":\"%s\"".formatted(name, value));
  }
}
