package org.mor.throughput.spark;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.config.Config;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.config.Variable;
import org.mor.throughput.logging.Logging;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.wiring.Engine.Place;
import org.mor.throughput.wiring.Graph;
import org.mor.throughput.wiring.Graph.Tempo;

/**
 * What a task needs to know to work by itself. Its text shows no value.
 *
 * @param variables of the configuration, by name
 * @param home relative directories of the configuration lie below it
 */
record Worker(Map<String, String> variables, String home) implements Serializable {
  /** What is open on this machine: one store for all tasks. */
  private static final Map<Worker, Opened> OPENED = new ConcurrentHashMap<>();

  Worker {
    // This map is known to be serializable.
    variables = Map.copyOf(variables);
  }

  /** The settings that are known and no secret, and those secrets that tasks need. */
  static Worker at(Place place, Variable... secrets) {
    Map<String, String> sent = new HashMap<>();
    for (Variable variable : Variable.values()) {
      String value = place.variables().get(variable.name());
      if (value != null && (!variable.isSecret() || List.of(secrets).contains(variable))) {
        sent.put(variable.name(), value);
      }
    }
    return new Worker(sent, place.home().toString());
  }

  Worker with(Variable variable, String value) {
    Map<String, String> changed = new HashMap<>(variables);
    changed.put(variable.name(), value);
    return new Worker(changed, home);
  }

  /** The store and the rules of its figures; used by several threads. */
  record Opened(ObjectStore store, UserPrivacy privacy, MetricRules rules) {}

  Opened open() {
    return OPENED.computeIfAbsent(this, Worker::connect);
  }

  private Opened connect() {
    Graph graph = graph();
    return new Opened(graph.store(), graph.privacy(), graph.rules());
  }

  /** Everything that the settings describe, for one task. */
  Graph graph() {
    Redactor redactor = Logging.redactor();
    Config.hideSecrets(variables, redactor);
    Config config = Config.parse(variables, Need.STORE, Need.START_BLOCK);
    return new Graph(config, Path.of(home), redactor, Tempo.real());
  }

  @Override
  public String toString() {
    return "Worker " + variables.keySet();
  }
}
