package org.mor.throughput.cli;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.config.RpcUrl;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.TrustlessCheck;
import org.mor.throughput.session.Month;
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
      "  indexer verify --sample 0 --json",
      "  indexer verify --trustless",
      "  indexer verify --trustless --all --month 2026-05"
    })
final class VerifyCommand extends ReportingCommand {
  private static final long SEEDS = 1_000_000;
  private static final int SAMPLE = 20;

  /** Without a difference, 99 % confidence that fewer than 1 % of the closes differ. */
  private static final int PROVEN_SAMPLE = 459;

  @Option(
      names = "--sample",
      paramLabel = "N",
      converter = Converters.CountOrNone.class,
      description =
          "How many rows are read from the chain again, 0 for none; default: 20, with --trustless 459.")
  private @Nullable Integer sample;

  @Option(
      names = "--trustless",
      description =
          "Proves the count of sessions, the total paid and a sample of closes against the state root of one block, so that no endpoint has to be believed (docs/trust.md). Does this alone.")
  private boolean trustless;

  @Option(names = "--all", description = "With --trustless: every close instead of a sample.")
  private boolean all;

  @Option(
      names = "--month",
      paramLabel = "M",
      converter = Converters.Partition.class,
      description = "With --trustless: closes of this month only, such as 2026-05.")
  private @Nullable Month month;

  @Option(
      names = "--block-hash",
      paramLabel = "H",
      converter = Converters.BlockHash.class,
      description =
          "With --trustless: proves against this block; default: the finalized block, if an endpoint proves its state, else the newest one.")
  private @Nullable Hash32 blockHash;

  @Option(
      names = "--seed",
      paramLabel = "S",
      converter = Converters.Block.class,
      description = "Chooses the same rows again; default: any.")
  private @Nullable Long seed;

  @Override
  Need[] needs() {
    return trustless
        ? new Need[] {Need.STORE, Need.START_BLOCK, Need.RPC}
        : new Need[] {Need.STORE, Need.START_BLOCK};
  }

  @Override
  void validate() {
    if (!trustless && (all || month != null || blockHash != null)) {
      throw usage("--all, --month and --block-hash go with --trustless only");
    }
    if (trustless && sample != null && (all || sample == 0)) {
      throw usage("--sample with --trustless takes 1 or more, and not --all beside it");
    }
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    // A drawn seed is short enough to be typed again.
    long chosen = seed != null ? seed : new SplittableRandom().nextLong(SEEDS);
    if (trustless) {
      return trustless(graph, chosen);
    }
    int rows = sample == null ? SAMPLE : sample;
    // One month at a time: verifying needs no more memory than indexing.
    RollupRun rollup =
        new RollupRun(graph.settings(), graph.ledger(), graph.rules(), graph.publisher(), 1);
    Verification verification =
        new Verification(graph.store(), graph.ledger(), graph.privacy(), graph.settings(), rollup);
    try (Progress progress = new Progress(around.progress(), "checking")) {
      Verification.Report report =
          verification.run(
              opinion(graph),
              new Verification.Sample(rows, new SplittableRandom(chosen)),
              progress);
      return VerifyText.of(report, graph.store().location(), chosen);
    }
  }

  private Report trustless(Graph graph, long chosen) {
    int rows = all ? 0 : sample == null ? PROVEN_SAMPLE : sample;
    TrustlessCheck check = new TrustlessCheck(graph.chain(), graph.settings(), graph.ledger());
    return TrustlessText.of(
        check.run(
            new TrustlessCheck.Request(
                rows, chosen, Optional.ofNullable(month), Optional.ofNullable(blockHash), true)),
        chosen,
        graph.chain().stats().snapshot());
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
