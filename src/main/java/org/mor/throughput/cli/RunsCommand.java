package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.archive.RunRecord;
import org.mor.throughput.archive.RunRecord.Outcome;
import org.mor.throughput.archive.RunStore;
import org.mor.throughput.archive.RunStore.Entry;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "runs",
    description = "Shows the last runs that wrote to the store, by whomever; failed ones too.",
    footer = {
      "%nExamples:",
      "  indexer runs",
      "  indexer runs --last 10 --failed",
      "  indexer runs show 3f2a91c0"
    })
final class RunsCommand extends ReportingCommand {
  private static final int ERROR_COLUMNS = 60;

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "50",
      converter = Converters.Count.class,
      description = "How many runs, newest first; default: ${DEFAULT-VALUE}.")
  private int last;

  @Option(names = "--failed", description = "Only runs that failed.")
  private boolean failed;

  @SuppressWarnings("FieldCanBeFinal") // picocli sets it
  @Parameters(
      arity = "0..2",
      paramLabel = "show ID",
      description = "One run whole; the first characters of its id are enough.")
  private List<String> words = List.of();

  @Override
  void validate() {
    if (!words.isEmpty() && (words.size() != 2 || !words.get(0).equals("show"))) {
      throw usage(
          "'%s' is not understood: give `show ID`, or no words".formatted(String.join(" ", words)));
    }
    if (!words.isEmpty() && !words.get(1).matches("[A-Za-z0-9-]{1,64}")) {
      throw usage("The id of a run has letters, digits and hyphens; `indexer runs` lists them");
    }
  }

  @Override
  Need[] needs() {
    return new Need[] {Need.STORE};
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    RunStore runs = new RunStore(graph.store());
    Instant now = Instant.now();
    Instant from = now.minus(RunStore.KEPT);
    if (words.isEmpty()) {
      return table(
          runs,
          runs.newest(now, from, last, run -> !failed || run.outcome() == Outcome.FAILED),
          graph.store().location());
    }
    String id = words.get(1);
    List<Entry> found = runs.newest(now, from, 2, run -> run.id().startsWith(id));
    if (found.size() != 1) {
      throw new BadRequestException(
          "%s run of the last %d days in %s has an id that begins with %s; next: %s"
              .formatted(
                  found.isEmpty() ? "No" : "More than one",
                  RunStore.KEPT.toDays(),
                  graph.store().location(),
                  id,
                  found.isEmpty() ? "indexer runs" : "give more of the id"));
    }
    ObjectNode json = runs.read(found.get(0)).json();
    List<String> lines = new ArrayList<>();
    TextTable table = new TextTable("field", "value");
    json.properties().forEach(field -> table.add(field.getKey(), text(field.getValue())));
    lines.addAll(table.lines());
    return new Report(lines, json, false);
  }

  private static String text(JsonNode value) {
    return value.isNull() ? "-" : value.isTextual() ? value.textValue() : value.toString();
  }

  private static Report table(RunStore runs, List<Entry> entries, String store) {
    TextTable table =
        new TextTable(
            "start (UTC)",
            "id",
            "by",
            "kind",
            "blocks",
            "rows>",
            "documents>",
            "RPC>",
            "took>",
            "outcome",
            "error");
    ObjectNode json = Report.object();
    var array = json.putArray("runs");
    Optional<RuntimeException> trouble = Optional.empty();
    for (Entry entry : entries) {
      try {
        RunRecord run = runs.read(entry);
        row(table, run);
        array.add(run.json());
      } catch (CorruptObjectException e) {
        // The key says enough to show the run; the others are shown all the same.
        row(table, entry, "?", "?", "?", "?", "?", "unreadable: " + e.getMessage());
        trouble = Optional.of(e);
      }
    }
    List<String> lines =
        entries.isEmpty() ? List.of("no such run is recorded in " + store) : table.lines();
    return new Report(lines, json, false, trouble);
  }

  private static void row(TextTable table, RunRecord run) {
    RunRecord.Work work = run.work();
    row(
        table,
        RunStore.entry(run),
        run.by(),
        work.blocks().map(Object::toString).orElse("-"),
        "%,d".formatted(work.opens().written() + work.closes().written()),
        "%,d".formatted(work.documents()),
        "%,d".formatted(run.rpcRequests()),
        run.error().orElse(""));
  }

  private static void row(
      TextTable table,
      Entry run,
      String by,
      String blocks,
      String rows,
      String documents,
      String rpc,
      String error) {
    table.add(
        run.start().truncatedTo(ChronoUnit.SECONDS).toString().replace("T", " ").replace("Z", ""),
        run.id().substring(0, Math.min(8, run.id().length())),
        by,
        run.kind(),
        blocks,
        rows,
        documents,
        rpc,
        took(run.millis()),
        run.outcome().text(),
        TextTable.shortened(error, ERROR_COLUMNS));
  }

  private static String took(long millis) {
    Duration took = Duration.ofMillis(millis);
    return took.toMinutes() > 0
        ? "%d min %02d s".formatted(took.toMinutes(), took.toSecondsPart())
        : "%d.%d s".formatted(took.toSeconds(), took.toMillisPart() / 100);
  }
}
