package org.mor.throughput.cli;

import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.wiring.Engine;
import picocli.CommandLine.Option;

/** Says where a command does its large work. */
final class EngineOptions {
  private static final String PLAIN = "plain";

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description = "Where the work is done: plain (here, the default), or spark: docs/scale.md.")
  private String engine = PLAIN;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "The engine's cluster, such as local[2]; default: as it is configured.")
  private @Nullable String master;

  @Nullable String master() {
    return master;
  }

  /** The engine that was asked for; empty for none. */
  Optional<Engine> find(ReportingCommand command) {
    if (engine.equals(PLAIN)) {
      if (master != null) {
        throw command.usage("--master is for another engine than plain. next: add --engine spark");
      }
      return Optional.empty();
    }
    return Optional.of(
        ServiceLoader.load(Engine.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(one -> one.name().equals(engine))
            .findFirst()
            .orElseThrow(
                () ->
                    command.usage(
                        "--engine %s: this program has no such engine. next: leave it out; for spark build it with `mvn -B -Pspark -Dmaven.test.skip=true package` and start ./indexer"
                            .formatted(engine))));
  }
}
