package org.mor.throughput.cli;

import org.mor.throughput.config.Config.Need;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    description = "Shows cursor, head, lag, gaps, partitions, proof and endpoints.",
    footer = {
      "%nExamples:",
      "  indexer status",
      "  indexer status --json",
      "  indexer status --metrics"
    })
final class StatusCommand extends ReportingCommand {
  @Option(
      names = "--metrics",
      description = "Print Prometheus' text, with the names of the scheduled function's metrics.")
  private boolean metrics;

  @Override
  Need[] needs() {
    return new Need[] {Need.STORE, Need.START_BLOCK};
  }

  @Override
  Report run(Operations operations) {
    return metrics ? operations.metrics() : operations.status();
  }
}
