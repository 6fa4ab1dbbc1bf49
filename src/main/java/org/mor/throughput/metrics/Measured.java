package org.mor.throughput.metrics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was measured, of one network.
 *
 * @param network the network's name, such as {@code base}
 * @param values what is known, in the order of {@link Metric}
 * @param rpcErrors the errors behind {@link Metric#RPC_ERRORS}, by kind
 */
public record Measured(
    String network, Map<Metric, Long> values, SortedMap<String, Long> rpcErrors) {
  public Measured {
    EnumMap<Metric, Long> sorted = new EnumMap<>(Metric.class);
    sorted.putAll(values);
    values = Collections.unmodifiableMap(sorted);
    rpcErrors = Collections.unmodifiableSortedMap(new TreeMap<>(rpcErrors));
    plain(network);
    rpcErrors.keySet().forEach(Measured::plain);
  }

  /** Names go into JSON and Prometheus' text as they are. */
  private static void plain(String name) {
    if (!name.matches("[A-Za-z0-9_ -]{1,64}")) {
      throw new IllegalArgumentException("'%s' is not a plain name".formatted(name));
    }
  }
}
