package org.mor.throughput.cli;

import java.util.Map;
import java.util.OptionalInt;
import org.mor.throughput.config.Need;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = "Indexes a simulated marketplace and serves it: no account, no key, no network.",
    footer = {
      "%nExamples:",
      "  indexer demo",
      "  indexer demo --port 9000 --sessions 20000 --seed 7",
      "  indexer demo --no-serve"
    })
final class DemoCommand extends ReportingCommand {
  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8700",
      converter = Converters.Port.class,
      description = "The port, 0 for any free one; default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(names = "--no-serve", description = "End after the summary.")
  private boolean noServe;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The same seed gives the same history; default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      defaultValue = "5000",
      converter = Converters.Sessions.class,
      description =
          "How many sessions are simulated, from 135 to 1000000; default: ${DEFAULT-VALUE}.")
  private int sessions;

  @Override
  Need[] needs() {
    return new Need[0];
  }

  /** Nothing: a demo must not reach a real chain or store by accident. */
  @Override
  Map<String, String> variables(Surroundings around) {
    return Map.of();
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    OptionalInt served = noServe ? OptionalInt.empty() : OptionalInt.of(port);
    return new Demo(graph.config(), around).run(served, seed, sessions);
  }
}
