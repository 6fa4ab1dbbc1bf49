package org.mor.throughput.cli;

import org.mor.throughput.config.Config.Need;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "repair",
    description = {
      "Finds sessions that the contract knows and the rows do not, reads the blocks they are in again,",
      "and proves completeness anew. Exit code 1 when something is still missing."
    },
    footer = {
      "%nExamples:",
      "  indexer repair --dry-run",
      "  indexer repair",
      "  indexer repair --json"
    })
final class RepairCommand extends ReportingCommand {
  @Option(names = "--dry-run", description = "Say what is missing and where, and write nothing.")
  private boolean dryRun;

  @Override
  Need[] needs() {
    return new Need[] {Need.RPC, Need.STORE, Need.START_BLOCK};
  }

  @Override
  Report run(Operations operations) {
    return operations.repair(dryRun);
  }
}
