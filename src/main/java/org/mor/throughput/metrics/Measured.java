package org.mor.throughput.metrics;

import java.util.Collections;
import java.util.EnumMap;
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
  static String plain(String name) {
    if (!name.matches("[A-Za-z0-9_ -]{1,64}")) {
      throw new IllegalArgumentException("'%s' is not a plain name".formatted(name));
    }
    return name;
  }
}
