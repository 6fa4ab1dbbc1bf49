package org.mor.throughput.metrics;

import java.util.ArrayList;
import java.util.List;

/** Prometheus' text format, version 0.0.4: gauges with the names of {@link Metric}. */
public final class PrometheusText {
  private PrometheusText() {}

  /** The lines, without line ends. */
  public static List<String> lines(Measured measured) {
    List<String> lines = new ArrayList<>();
    String network = "network=\"%s\"".formatted(measured.network());
    measured
        .values()
        .forEach(
            (metric, value) -> {
              String name = metric.prometheusName();
              lines.add("# HELP %s %s".formatted(name, metric.meaning()));
              lines.add("# TYPE %s gauge".formatted(name));
              lines.add("%s{%s} %s".formatted(name, network, value));
            });
    return lines;
  }
}
