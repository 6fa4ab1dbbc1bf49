package org.mor.throughput.cli;

import org.jspecify.annotations.Nullable;
import org.mor.throughput.config.Config.Need;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "rewind",
    description = {
      "Goes back to a block after the chain was reorganised: the cursor stands there again, and"
          + " what was",
      "scanned above it does not count any more. Rows stay until their blocks are scanned again."
    },
    footer = {
      "%nExamples:",
      "  indexer rewind --to-block 46000000 --dry-run",
      "  indexer rewind --to-block 46000000",
      "  indexer rewind --to-block 46000000 --json"
    })
final class RewindCommand extends ReportingCommand {
  @Option(
      names = "--to-block",
      paramLabel = "B",
      required = true,
      converter = Converters.Block.class,
      description = "The last block that is kept, at or below the cursor's.")
  private @Nullable Long to;

  @Option(names = "--dry-run", description = "Say what would be forgotten, and write nothing.")
  private boolean dryRun;

  @Override
  Need[] needs() {
    return new Need[] {Need.STORE, Need.START_BLOCK};
  }

  @Override
  Report run(Operations operations) {
    return operations.rewind(to == null ? 0 : to, dryRun);
  }
}
