package org.mor.throughput.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.session.Month;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "pull",
    description =
        "Copies rows and state of the store into a directory, to work on as STORE=file:DIR. What is there already is not fetched again.",
    footer = {
      "%nExamples:",
      "  indexer pull",
      "  indexer pull --to copy",
      "  indexer pull --partition 2026-05 --json"
    })
final class PullCommand extends ReportingCommand {
  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "The directory; default: local-raw beside the launcher.")
  private @Nullable Path to;

  @Option(
      names = "--partition",
      paramLabel = "YYYY-MM",
      converter = Converters.Partition.class,
      description = "Only the rows of this month, and no state.")
  private @Nullable Month partition;

  @Override
  Need[] needs() {
    return new Need[] {Need.STORE};
  }

  @Override
  Report run(Operations operations) {
    return operations.pull(
        new Operations.Pull(Optional.ofNullable(to), Optional.ofNullable(partition)));
  }
}
