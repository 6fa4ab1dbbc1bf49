package org.mor.throughput.cli;

/** Builds what a command needs from its configuration. */
final class Wiring implements Operations.Factory {
  @Override
  public Operations open(Config config, Surroundings surroundings) {
    return new LiveOperations(new Graph(config, surroundings));
  }
}
