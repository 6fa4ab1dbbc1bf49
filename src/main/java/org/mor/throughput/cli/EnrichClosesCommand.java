package org.mor.throughput.cli;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.session.Month;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "enrich-closes",
    description = "Reads old and unsettled rows again from the chain and writes them anew.",
    footer = {
      "%nExamples:",
      "  indexer enrich-closes --publish",
      "  indexer enrich-closes --partition 2026-05 --dry-run --limit 50"
    })
final class EnrichClosesCommand extends ReportingCommand {
  @Option(
      names = "--partition",
      paramLabel = "YYYY-MM",
      converter = Converters.Partition.class,
      description = "Only the closes of this month; default: all months.")
  private @Nullable Month partition;

  @Option(
      names = "--limit",
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "At most so many rows; default: all.")
  private @Nullable Integer limit;

  @Option(names = "--dry-run", description = "Show what would change, and write nothing.")
  private boolean dryRun;

  @Option(names = "--publish", description = "Publish the documents afterwards.")
  private boolean publish;

  @Override
  void validate() {
    if (dryRun && publish) {
      throw usage("--publish and --dry-run exclude each other");
    }
  }

  @Override
  Need[] needs() {
    return publish
        ? new Need[] {Need.RPC, Need.STORE, Need.START_BLOCK}
        : new Need[] {Need.RPC, Need.STORE};
  }

  @Override
  Report run(Operations operations) {
    OptionalInt most = limit == null ? OptionalInt.empty() : OptionalInt.of(limit);
    return operations.enrichCloses(
        new Operations.EnrichCloses(Optional.ofNullable(partition), most, dryRun, publish));
  }
}
