package org.mor.throughput.cli;

import java.time.Instant;
import java.util.Optional;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.ScheduledRun;
import org.mor.throughput.wiring.Cdn;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;

@Command(
    name = "incremental",
    description = "Does what one scheduled run does: scans on from the cursor and publishes.",
    footer = {"%nExamples:", "  indexer incremental", "  indexer incremental --json"})
final class IncrementalCommand extends ReportingCommand {
  @Override
  boolean writes() {
    return true;
  }

  @Override
  Need[] needs() {
    return new Need[] {Need.RPC, Need.STORE, Need.START_BLOCK};
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    ScheduledRun run = new ScheduledRun(graph.reader(), graph.ledger(), graph.rollup());
    Instant now = Instant.now();
    Cdn.Report[] cdn = {graph.cdn().after(Optional.empty(), now)};
    try (Progress progress = new Progress(around.progress(), "scan");
        Interruption interruption = new Interruption(graph.chain()::stopReadingAhead)) {
      return interruption.watched(
          progress,
          around,
          () -> {
            ScheduledRun.Report report =
                run.run(
                    ScheduledRun.Publishing.ALWAYS,
                    interruption,
                    progress,
                    graph.partials(false),
                    now,
                    rollup -> cdn[0] = graph.cdn().after(Optional.of(rollup), now));
            return RollupText.withCdn(
                ScanText.scheduled(report, graph.chain().stats().snapshot()), cdn[0]);
          });
    }
  }
}
