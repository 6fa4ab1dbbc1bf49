package org.mor.throughput.cli;

import org.mor.throughput.config.Config.Need;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "spot-check",
    description = "Decodes the latest closes across providers and flags what is odd. Read-only.",
    footer = {"%nExamples:", "  spot-check --recent 10", "  indexer spot-check --recent 25 --json"})
final class SpotCheckCommand extends ReportingCommand {
  @Option(
      names = "--recent",
      paramLabel = "N",
      defaultValue = "10",
      converter = Converters.Count.class,
      description = "How many closes; default: ${DEFAULT-VALUE}.")
  private int recent;

  @Override
  Need[] needs() {
    return new Need[] {Need.RPC};
  }

  @Override
  Report run(Operations operations) {
    return operations.spotCheck(recent);
  }
}
