package org.mor.throughput.cli;

import org.mor.throughput.config.Config;
import org.mor.throughput.wiring.Graph;
import org.mor.throughput.wiring.Graph.Tempo;

/** Builds what a command needs from its configuration. */
final class Wiring implements Operations.Factory {
  private final Tempo tempo;

  Wiring() {
    this(Tempo.real());
  }

  Wiring(Tempo tempo) {
    this.tempo = tempo;
  }

  @Override
  public Operations open(Config config, Surroundings surroundings) {
    return new LiveOperations(
        new Graph(config, surroundings.home(), surroundings.redactor(), tempo), surroundings);
  }
}
