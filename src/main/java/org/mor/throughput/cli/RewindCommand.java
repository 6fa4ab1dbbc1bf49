package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.ReportCodec;
import org.mor.throughput.index.Rewind;
import org.mor.throughput.index.Rewinding;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "rewind",
    description = {
      "Goes back to a block after the chain was reorganised: the cursor stands there again, and"
          + " what was",
      "scanned above it does not count any more. Rows stay until their blocks are scanned again."
    },
    footer = {
      "%nExamples:",
      "  indexer rewind --to-block 46000000 --dry-run",
      "  indexer rewind --to-block 46000000",
      "  indexer rewind --to-block 46000000 --json"
    })
final class RewindCommand extends ReportingCommand {
  @Option(
      names = "--to-block",
      paramLabel = "B",
      required = true,
      converter = Converters.Block.class,
      description = "The last block that is kept, at or below the cursor's.")
  private @Nullable Long to;

  @Option(names = "--dry-run", description = "Say what would be forgotten, and write nothing.")
  private boolean dryRun;

  @Override
  boolean writes() {
    return !dryRun;
  }

  @Override
  Need[] needs() {
    return new Need[] {Need.STORE, Need.START_BLOCK};
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    long block = Objects.requireNonNull(to);
    return report(new Rewind(chain(graph), graph.settings(), graph.ledger()).run(block, dryRun));
  }

  private static Report report(Rewind.Report report) {
    List<String> lines = new ArrayList<>();
    long blocks = report.forgotten().stream().mapToLong(BlockRange::size).sum();
    if (report.isThere()) {
      lines.add(
          "nothing to do: the cursor stands at block %d and nothing above it counts as scanned"
              .formatted(report.toBlock()));
    } else {
      lines.add(
          "%s block %d to block %d%s"
              .formatted(
                  report.dryRun() ? "would go back from" : "went back from",
                  report.before().lastBlock(),
                  report.toBlock(),
                  report.done().map(d -> " (generation %d)".formatted(d.generation())).orElse("")));
      lines.add(
          "%,d blocks above %s"
              .formatted(
                  blocks,
                  report.dryRun()
                      ? "would have to be scanned again"
                      : "do not count as scanned any more"));
    }
    report
        .unchecked()
        .ifPresent(
            why ->
                lines.add(
                    "Nobody knows whether the chain is the same up to block %d as it was scanned: %s"
                        .formatted(report.toBlock(), why)));
    lines.add(
        report.dryRun() && !report.isThere()
            ? "next: indexer rewind --to-block " + report.toBlock()
            : "next: indexer backfill --start-block %d, then indexer rollup --stuck"
                .formatted(report.toBlock() + 1));
    return new Report(lines, json(report, blocks), false);
  }

  private static ObjectNode json(Rewind.Report report, long blocks) {
    ObjectNode json = Report.object();
    json.put("dryRun", report.dryRun())
        .put("fromBlock", report.before().lastBlock())
        .put("toBlock", report.toBlock());
    report
        .done()
        .ifPresentOrElse(
            done -> json.put("generation", done.generation()), () -> json.putNull("generation"));
    json.put("blocks", blocks);
    var forgotten = json.putArray("forgotten");
    report.forgotten().forEach(r -> forgotten.addArray().add(r.first()).add(r.last()));
    report
        .unchecked()
        .ifPresentOrElse(why -> json.put("unchecked", why), () -> json.putNull("unchecked"));
    return json;
  }

  /** Adds what a run did because the chain was reorganised; nothing where it was not. */
  static void add(Optional<Rewinding.Done> rewound, List<String> lines, ObjectNode json) {
    rewound.ifPresent(
        done ->
            lines.add(
                "the chain was reorganised: went back from block %d to block %d (generation %d) and scanned on from there"
                    .formatted(done.fromBlock(), done.toBlock(), done.generation())));
    ReportCodec.rewound(json, rewound);
  }
}
