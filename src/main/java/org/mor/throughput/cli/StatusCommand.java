package org.mor.throughput.cli;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainException.WrongChainException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.config.RpcUrl;
import org.mor.throughput.index.Status;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    description = "Shows cursor, head, lag, gaps, partitions, proof and endpoints.",
    footer = {
      "%nExamples:",
      "  indexer status",
      "  indexer status --json",
      "  indexer status --metrics"
    })
final class StatusCommand extends ReportingCommand {
  @Option(
      names = "--metrics",
      description = "Print Prometheus' text, with the names of the scheduled function's metrics.")
  private boolean metrics;

  @Override
  Need[] needs() {
    return new Need[] {Need.STORE, Need.START_BLOCK};
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    Status status;
    Optional<RuntimeException> trouble = Optional.empty();
    if (metrics) {
      return StatusFigures.of(
          graph.config().network().name(),
          status(graph, chain(graph)),
          graph.publisher().storedStuck(),
          Instant.now());
    }
    try {
      status = status(graph, chain(graph));
    } catch (ChainException e) {
      // What the store holds is worth showing all the same.
      status = status(graph, Optional.empty());
      // What was proven on another chain, or of an address without a contract, is no proof.
      status = e instanceof WrongChainException ? status.withoutProof() : status;
      trouble = Optional.of(e);
    }
    StoredRows rows = StoredRows.count(graph.ledger().rows(), status);
    return StatusText.of(
        status,
        rows,
        graph.store().location(),
        !(graph.store() instanceof FileObjectStore files) || files.isMade(),
        graph.hasChain() ? graph.rpcUrls().stream().map(RpcUrl::host).toList() : List.of(),
        graph.publisher().storedStuck(),
        trouble.or(rows::trouble));
  }

  private static Status status(Graph graph, Optional<ChainReader> chain) {
    return Status.read(graph.ledger(), graph.settings(), chain);
  }
}
