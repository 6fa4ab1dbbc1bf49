package org.mor.throughput.cli;

import org.mor.throughput.config.Config.Need;
import picocli.CommandLine.Command;

@Command(
    name = "incremental",
    description = "Does what one scheduled run does: scans on from the cursor and publishes.",
    footer = {"%nExamples:", "  indexer incremental", "  indexer incremental --json"})
final class IncrementalCommand extends ReportingCommand {
  @Override
  Need[] needs() {
    return new Need[] {Need.RPC, Need.STORE, Need.START_BLOCK};
  }

  @Override
  Report run(Operations operations) {
    return operations.incremental();
  }
}
