package org.mor.throughput.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = "Indexes a simulated marketplace and serves it: no account, no key, no network.",
    footer = {"%nExamples:", "  indexer demo", "  indexer demo --port 9000"})
final class DemoCommand extends ReportingCommand {
  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8700",
      converter = Converters.Port.class,
      description = "The port, 0 for any free one; default: ${DEFAULT-VALUE}.")
  private int port;

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
  Report run(Operations operations) {
    return operations.demo(port);
  }
}
