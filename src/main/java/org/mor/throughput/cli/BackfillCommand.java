package org.mor.throughput.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.wiring.Engine;
import org.mor.throughput.wiring.Engine.Place;
import org.mor.throughput.wiring.Engine.Scanned;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "backfill",
    description = "Scans a range of blocks into the store. Idempotent and resumable.",
    footer = {
      "%nExamples:",
      "  indexer backfill --start-block 39593197",
      "  indexer backfill --start-block 39593197 --end-block 40000000",
      "  indexer backfill --start-block 39593197 --dry-run",
      "  indexer backfill --start-block 39593197 --end-block 40000000 --rescan",
      "  indexer backfill --gaps",
      "  indexer backfill --gaps --engine spark --master 'local[4]'"
    })
final class BackfillCommand extends ReportingCommand {
  @Option(
      names = "--start-block",
      paramLabel = "A",
      converter = Converters.Block.class,
      description = "The first block; needed unless --gaps is given.")
  private @Nullable Long start;

  @Option(
      names = "--end-block",
      paramLabel = "B",
      converter = Converters.Block.class,
      description = "The last block, included; default: the newest confirmed one.")
  private @Nullable Long end;

  @Option(names = "--gaps", description = "Scan what was never scanned, from the start block on.")
  private boolean gaps;

  @Option(
      names = "--rescan",
      description = "Scan again what was scanned before; rows are merged, so it does no harm.")
  private boolean rescan;

  @Option(names = "--dry-run", description = "Print the calls it would make, and write nothing.")
  private boolean dryRun;

  @Mixin private final EngineOptions engines = new EngineOptions();

  @Override
  void validate() {
    if (gaps && rescan) {
      throw usage("--gaps and --rescan exclude each other");
    }
    if (start == null && !gaps) {
      throw usage("Missing option: --start-block A (or --gaps to fill what was never scanned)");
    }
    if (rescan && engines.find(this).isPresent()) {
      throw usage("--rescan needs the engine plain");
    }
    if (start != null && end != null && end < start) {
      throw usage("--end-block %d is before --start-block %d".formatted(end, start));
    }
  }

  @Override
  boolean writes() {
    return !dryRun;
  }

  @Override
  Need[] needs() {
    return new Need[] {Need.RPC, Need.STORE, Need.START_BLOCK};
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    long first = start != null ? start : graph.settings().startBlock().orElseThrow();
    OptionalLong last = end == null ? OptionalLong.empty() : OptionalLong.of(end);
    Backfill backfill = new Backfill(graph.reader(), graph.ledger());
    Backfill.Request request = new Backfill.Request(first, last, rescan);
    Backfill.Plan plan = backfill.plan(request);
    if (dryRun) {
      return ScanText.plan(plan);
    }
    Optional<Engine> engine = engines.find(this);
    if (engine.isPresent()) {
      scan(engine.get(), backfill.missing(plan.asked()), graph, around);
      // What it left, if anything, is scanned here; then the cursor follows.
      return run(backfill, backfill.plan(request), graph, around);
    }
    return run(backfill, plan, graph, around);
  }

  private void scan(Engine engine, List<BlockRange> missing, Graph graph, Surroundings around) {
    Place place = new Place(variables(around), around.home(), engines.master());
    Scanned found = engine.backfill(place, missing, graph.config().endpoints().concurrency());
    around
        .notices()
        .printf(
            Locale.ROOT,
            "%s scanned %,d blocks: %,d opens, %,d closes%n",
            engine.name(),
            missing.stream().mapToLong(BlockRange::size).sum(),
            found.opens(),
            found.closes());
    around.notices().flush();
  }

  private static Report run(
      Backfill backfill, Backfill.Plan plan, Graph graph, Surroundings around) {
    try (Progress progress = new Progress(around.progress(), "backfill");
        Interruption interruption = new Interruption(graph.chain()::stopReadingAhead)) {
      return interruption.watched(
          progress,
          around,
          () ->
              ScanText.backfill(
                  backfill.run(plan, interruption, progress), graph.chain().stats().snapshot()));
    }
  }
}
