package org.mor.throughput.cli;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.mor.throughput.config.RpcUrl;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.verify.Verification;
import org.mor.throughput.verify.VerificationReport;
import org.mor.throughput.wiring.Graph;

/** Verifies the store, with another endpoint's word where there is one. */
final class VerifyOperation {
  /** A drawn seed is short enough to be typed again. */
  private static final long SEEDS = 1_000_000;

  private final Graph graph;
  private final ProgressReporter reporter;

  VerifyOperation(Graph graph, ProgressReporter reporter) {
    this.graph = graph;
    this.reporter = reporter;
  }

  static long anySeed() {
    return new SplittableRandom().nextLong(SEEDS);
  }

  Report run(Operations.Verify request) {
    long seed = request.seed().orElseGet(VerifyOperation::anySeed);
    // One month at a time: verifying needs no more memory than indexing.
    RollupRun rollup =
        new RollupRun(graph.settings(), graph.ledger(), graph.rules(), graph.publisher(), 1);
    Verification verification =
        new Verification(
            graph.store(),
            graph.ledger(),
            graph.privacy(),
            graph.settings(),
            rollup,
            graph.patience());
    VerificationReport report;
    try (VerifyProgress progress = new VerifyProgress(reporter)) {
      report =
          verification.run(
              opinion(),
              new Verification.Sample(request.sample(), new SplittableRandom(seed)),
              progress);
    }
    return VerifyText.of(report, graph.store().location(), seed);
  }

  /** The second endpoint and those behind it; they have not fed the rows unless others failed. */
  private Optional<Verification.Opinion> opinion() {
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
    return Optional.of(new Verification.Opinion(graph.chain(asked), source));
  }
}
