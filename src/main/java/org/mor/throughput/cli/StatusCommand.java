package org.mor.throughput.cli;

import org.mor.throughput.config.Need;
import picocli.CommandLine.Command;

@Command(
    name = "status",
    description = "Shows cursor, head, lag, gaps, partitions, proof and endpoints.",
    footer = {"%nExamples:", "  indexer status", "  indexer status --json"})
final class StatusCommand extends ReportingCommand {
  @Override
  Need[] needs() {
    return new Need[] {Need.STORE, Need.START_BLOCK};
  }

  @Override
  Report run(Operations operations) {
    return operations.status();
  }
}
