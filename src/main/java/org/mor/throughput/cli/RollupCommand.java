package org.mor.throughput.cli;

import java.time.Instant;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.wiring.Graph;
import org.mor.throughput.wiring.RowEngine;
import picocli.CommandLine.Command;
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
  private static final String PLAIN = "plain";

  @Option(
      names = "--stuck",
      description = "Also ask the chain which expired sessions are still open.")
  private boolean stuck;

  @Option(names = "--full", description = "Ignore cached partial results.")
  private boolean full;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description = "Where rows are read: plain (the default), or spark, see docs/scale.md.")
  private String engine = PLAIN;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "The engine's cluster, such as local[2]; default: as it is configured.")
  private @Nullable String master;

  @Override
  void validate() {
    if (engine.equals(PLAIN) && master != null) {
      throw usage("--master is for another engine than plain. next: add --engine spark");
    }
  }

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
    if (engine.equals(PLAIN)) {
      return run(graph, graph.rollup());
    }
    RowEngine found =
        ServiceLoader.load(RowEngine.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(one -> one.name().equals(engine))
            .findFirst()
            .orElseThrow(
                () ->
                    usage(
                        "--engine %s: this program has no such engine. next: leave it out; for spark build it with `mvn -B -Pspark package` and start ./indexer"
                            .formatted(engine)));
    return found.use(
        variables(around),
        around.home(),
        master,
        graph.ledger().rows(),
        rows -> run(graph, graph.rollup().reading(rows)));
  }

  private Report run(Graph graph, RollupRun run) {
    PartialCache partials = graph.partials(full);
    Instant now = Instant.now();
    RollupRun.Report report =
        stuck ? run.run(graph.reader(), partials, now) : run.run(partials, now);
    return RollupText.withCdn(RollupText.of(report), graph.cdn().after(Optional.of(report), now));
  }
}
