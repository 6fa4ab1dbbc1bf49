package org.mor.throughput.cli;

/** The only place where the graph of objects is built. */
final class Wiring implements Operations.Factory {
  @Override
  public Operations open(Config config, Surroundings surroundings) {
    throw new UnsupportedOperationException("The commands are not wired to the index yet");
  }
}
