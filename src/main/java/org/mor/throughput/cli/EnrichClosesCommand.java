package org.mor.throughput.cli;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.CloseRefresh;
import org.mor.throughput.index.ContractReader;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.session.Month;
import org.mor.throughput.wiring.Graph;
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
  boolean writes() {
    return !dryRun;
  }

  @Override
  Need[] needs() {
    return publish
        ? new Need[] {Need.RPC, Need.STORE, Need.START_BLOCK}
        : new Need[] {Need.RPC, Need.STORE};
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    Ledger ledger = graph.ledger();
    List<Month> stored = List.copyOf(ledger.rows().partitions(RowKind.CLOSES).keySet());
    List<Month> months = partition == null ? stored : List.of(partition);
    if (!stored.containsAll(months)) {
      throw new BadRequestException(
          "There is no partition %s in %s; there are: %s"
              .formatted(months.get(0), graph.store().location(), stored));
    }
    ContractReader reader = graph.reader();
    int most = limit == null ? Integer.MAX_VALUE : limit;
    CloseRefresh.Report report;
    try (Progress progress = new Progress(around.progress(), "closes")) {
      report =
          new CloseRefresh(reader, ledger)
              .run(new CloseRefresh.Request(months, most, 0, dryRun), progress);
    }
    Instant now = Instant.now();
    Optional<RollupRun.Report> published =
        publish
            ? Optional.of(graph.rollup().run(reader, graph.partials(false), now))
            : Optional.empty();
    return RollupText.withCdn(RefreshText.of(report, published), graph.cdn().after(published, now));
  }
}
