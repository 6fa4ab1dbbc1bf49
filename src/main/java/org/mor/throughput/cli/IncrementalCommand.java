package org.mor.throughput.cli;

import java.time.Instant;
import java.util.Optional;
import org.mor.throughput.config.Need;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScheduledReport;
import org.mor.throughput.index.ScheduledRun;
import org.mor.throughput.wiring.CdnReport;
import org.mor.throughput.wiring.Graph;
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
  Report run(Graph graph, Surroundings around) {
    ScheduledRun run =
        new ScheduledRun(
            graph.chain(), graph.settings(), graph.ledger(), graph.rollup(), graph.patience());
    Instant now = Instant.now();
    CdnReport[] cdn = {graph.cdn().after(Optional.empty(), now)};
    try (Progress progress = new Progress(around.progress(), "scan")) {
      ScheduledReport report =
          run.run(
              ScheduledRun.Publishing.ALWAYS,
              RunBudget.unlimited(),
              progress,
              graph.partials(false),
              now,
              rollup -> cdn[0] = graph.cdn().after(Optional.of(rollup), now));
      return RollupText.withCdn(
          ScanText.scheduled(report, graph.chain().stats().snapshot()), cdn[0]);
    }
  }
}
