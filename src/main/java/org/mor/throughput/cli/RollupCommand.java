package org.mor.throughput.cli;

import org.mor.throughput.config.Config.Need;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "rollup",
    description = "Computes every document from the stored rows and publishes it.",
    footer = {
      "%nExamples:",
      "  indexer rollup",
      "  indexer rollup --stuck",
      "  indexer rollup --full"
    })
final class RollupCommand extends ReportingCommand {
  @Option(
      names = "--stuck",
      description = "Also ask the chain which expired sessions are still open.")
  private boolean stuck;

  @Option(names = "--full", description = "Ignore cached partial results.")
  private boolean full;

  @Override
  Need[] needs() {
    return stuck
        ? new Need[] {Need.STORE, Need.START_BLOCK, Need.RPC}
        : new Need[] {Need.STORE, Need.START_BLOCK};
  }

  @Override
  Report run(Operations operations) {
    return operations.rollup(new Operations.Rollup(stuck, full));
  }
}
