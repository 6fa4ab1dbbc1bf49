package org.mor.throughput.cli;

import java.time.Instant;
import java.util.Optional;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.wiring.Engine;
import org.mor.throughput.wiring.Engine.Place;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "rollup",
    description = "Computes every document from the stored rows and publishes it.",
    footer = {
      "%nExamples:",
      "  indexer rollup",
      "  indexer rollup --stuck",
      "  indexer rollup --full",
      "  indexer rollup --full --engine spark --master 'local[2]'"
    })
final class RollupCommand extends ReportingCommand {
  @Option(
      names = "--stuck",
      description = "Also ask the chain which expired sessions are still open.")
  private boolean stuck;

  @Option(names = "--full", description = "Ignore cached partial results.")
  private boolean full;

  /** How many months an engine reads side by side: this process holds the cells of so many. */
  private static final int MONTHS = 16;

  @Mixin private final EngineOptions engines = new EngineOptions();

  @Override
  boolean writes() {
    return true;
  }

  @Override
  Need[] needs() {
    return stuck
        ? new Need[] {Need.STORE, Need.START_BLOCK, Need.RPC}
        : new Need[] {Need.STORE, Need.START_BLOCK};
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    Optional<Engine> engine = engines.find(this);
    if (engine.isEmpty()) {
      return run(graph, graph.rollup());
    }
    Place place = new Place(variables(around), around.home(), engines.master());
    return engine
        .get()
        .rollup(
            place, graph.ledger().rows(), rows -> run(graph, graph.rollup().reading(rows, MONTHS)));
  }

  private Report run(Graph graph, RollupRun run) {
    PartialCache partials = graph.partials(full);
    Instant now = Instant.now();
    RollupRun.Report report =
        stuck ? run.run(graph.reader(), partials, now) : run.run(partials, now);
    return RollupText.withCdn(RollupText.of(report), graph.cdn().after(Optional.of(report), now));
  }
}
