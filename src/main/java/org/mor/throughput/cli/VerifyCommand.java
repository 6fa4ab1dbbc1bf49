package org.mor.throughput.cli;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.config.RpcUrl;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.verify.Verification;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "verify",
    description =
        "Checks the stored rows, the published documents against a recomputation, and a sample of rows against the chain. Writes nothing.",
    footer = {
      "%nExamples:",
      "  indexer verify",
      "  indexer verify --sample 100 --seed 7",
      "  indexer verify --sample 0 --json"
    })
final class VerifyCommand extends ReportingCommand {
  private static final long SEEDS = 1_000_000;

  @Option(
      names = "--sample",
      paramLabel = "N",
      defaultValue = "20",
      converter = Converters.CountOrNone.class,
      description =
          "How many rows are read from the chain again, 0 for none; default: ${DEFAULT-VALUE}.")
  private int sample;

  @Option(
      names = "--seed",
      paramLabel = "S",
      converter = Converters.Block.class,
      description = "Chooses the same rows again; default: any.")
  private @Nullable Long seed;

  @Override
  Need[] needs() {
    return new Need[] {Need.STORE, Need.START_BLOCK};
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    // A drawn seed is short enough to be typed again.
    long chosen = seed != null ? seed : new SplittableRandom().nextLong(SEEDS);
    // One month at a time: verifying needs no more memory than indexing.
    RollupRun rollup =
        new RollupRun(graph.settings(), graph.ledger(), graph.rules(), graph.publisher(), 1);
    Verification verification =
        new Verification(graph.store(), graph.ledger(), graph.privacy(), graph.settings(), rollup);
    try (Progress progress = new Progress(around.progress(), "checking")) {
      Verification.Report report =
          verification.run(
              opinion(graph),
              new Verification.Sample(sample, new SplittableRandom(chosen)),
              progress);
      return VerifyText.of(report, graph.store().location(), chosen);
    }
  }

  /** The second endpoint and those behind it; they have not fed the rows unless others failed. */
  private static Optional<Verification.Opinion> opinion(Graph graph) {
    if (!graph.hasChain()) {
      return Optional.empty();
    }
    List<RpcUrl> urls = graph.rpcUrls();
    List<RpcUrl> asked = urls.size() > 1 ? urls.subList(1, urls.size()) : urls;
    String hosts = String.join(", ", asked.stream().map(RpcUrl::host).toList());
    String source =
        urls.size() > 1
            ? "through the second endpoint, " + hosts
            : "through %s, the only endpoint: no second opinion".formatted(hosts);
    return Optional.of(new Verification.Opinion(graph.reader(graph.chain(asked)), source));
  }
}
