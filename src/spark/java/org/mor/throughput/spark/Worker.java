package org.mor.throughput.spark;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.config.Config;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.logging.Logging;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.wiring.Graph;
import org.mor.throughput.wiring.Graph.Tempo;

/**
 * What a task needs to know to read the store by itself.
 *
 * @param variables of the configuration, by name
 * @param home relative directories of the configuration lie below it
 */
record Worker(Map<String, String> variables, String home) implements Serializable {
  /** What is open on this machine: one store for all tasks. */
  private static final Map<Worker, Opened> OPENED = new ConcurrentHashMap<>();

  Worker {
    // A copy of which it is known that it can be sent.
    variables = Map.copyOf(variables);
  }

  /** The store's rows and the rules of their figures; used by several threads. */
  record Opened(RowArchive rows, MetricRules rules) {}

  Opened open() {
    return OPENED.computeIfAbsent(this, Worker::connect);
  }

  private Opened connect() {
    Graph graph = graph();
    return new Opened(graph.ledger().rows(), graph.rules());
  }

  /** Everything that the settings describe, for one task. */
  Graph graph() {
    Redactor redactor = Logging.redactor();
    Config.hideSecrets(variables, redactor);
    Config config = Config.parse(variables, Need.STORE, Need.START_BLOCK);
    return new Graph(config, Path.of(home), redactor, Tempo.real());
  }
}
