package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.mor.throughput.archive.Cursor;
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
  private static final int ID_COLUMNS = 8;
  private static final String COLUMNS =
      "start (UTC),id,by,kind,blocks,rows>,documents>,RPC>,took>,outcome,error";

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
    // A writer's clock may be ahead of this one.
    Instant to = Instant.now().plus(Duration.ofDays(1));
    Instant from = to.minus(RunStore.KEPT);
    String store = graph.store().location();
    if (words.isEmpty()) {
      Set<String> seen = new HashSet<>();
      List<Entry> entries =
          runs.newest(
              to,
              from,
              last,
              run -> {
                seen.add(run.id());
                return !failed || run.outcome() == Outcome.FAILED;
              });
      Report table = table(runs, entries, store);
      List<String> lines = new ArrayList<>(table.lines());
      lines.addAll(withoutRecord(graph, runs, to, seen, table.json()));
      return new Report(lines, table.json(), false, table.trouble());
    }
    String id = words.get(1);
    List<Entry> alike = new ArrayList<>();
    // Nothing is listed any more after the run with exactly this id.
    List<Entry> exact =
        runs.newest(
            to, from, 1, run -> run.id().startsWith(id) && alike.add(run) && run.id().equals(id));
    return show(runs, exact.isEmpty() ? alike : exact, store);
  }

  /** Names the run that wrote the cursor, where it has no record; an early cursor names none. */
  private static List<String> withoutRecord(
      Graph graph, RunStore runs, Instant to, Set<String> seen, ObjectNode json) {
    try {
      Optional<Cursor> cursor = graph.ledger().position();
      String id = RunRecord.id(cursor.map(Cursor::writeId).orElse(""));
      // Nothing more is listed where it is one of those that were listed.
      if (id.isEmpty()
          || seen.contains(id)
          || !runs.newest(to, to.minus(RunStore.KEPT), 1, run -> run.id().equals(id)).isEmpty()) {
        return List.of();
      }
      json.put("withoutRecord", id);
      return List.of(
          "run %s moved the cursor to block %d at %s and has no record: it is under way, or was killed; next: look for it in the log"
              .formatted(id, cursor.get().lastBlock(), cursor.get().lastRun()));
    } catch (CorruptObjectException e) {
      return List.of("the cursor does not say whether a run has no record: " + e.getMessage());
    }
  }

  private Report show(RunStore runs, List<Entry> found, String store) {
    if (found.size() != 1) {
      throw new BadRequestException(
          "%s run of the last %d days in %s has an id that begins with %s; next: %s"
              .formatted(
                  found.isEmpty() ? "No" : "More than one",
                  RunStore.KEPT.toDays(),
                  store,
                  words.get(1),
                  found.isEmpty() ? "indexer runs" : "give more of the id"));
    }
    ObjectNode json = runs.read(found.get(0)).json();
    TextTable table = new TextTable("field", "value");
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      JsonNode value = field.getValue();
      String text = value.isTextual() ? value.textValue() : value.toString();
      table.add(field.getKey(), value.isNull() ? "-" : text);
    }
    return new Report(table.lines(), json, false);
  }

  private static Report table(RunStore runs, List<Entry> entries, String store) {
    TextTable table = new TextTable(COLUMNS.split(",", -1));
    ObjectNode json = Report.object();
    ArrayNode array = json.putArray("runs");
    Optional<RuntimeException> trouble = Optional.empty();
    for (Entry entry : entries) {
      try {
        RunRecord run = runs.read(entry);
        array.add(run.json());
        row(
            table,
            entry,
            List.of(
                run.by(),
                run.fromBlock() == null ? "-" : run.fromBlock() + ".." + run.toBlock(),
                "%,d".formatted(run.opens().written() + run.closes().written()),
                "%,d".formatted(run.documents()),
                "%,d".formatted(run.rpcRequests())),
            Objects.requireNonNullElse(run.error(), ""));
      } catch (CorruptObjectException e) {
        // The key says enough to show the run; the others are shown all the same.
        row(table, entry, Collections.nCopies(5, "?"), "unreadable: " + e.getMessage());
        trouble = Optional.of(e);
      }
    }
    List<String> lines =
        entries.isEmpty() ? List.of("no such run is recorded in " + store) : table.lines();
    return new Report(lines, json, false, trouble);
  }

  /** A row of what the key says, and of the five cells that the record says. */
  private static void row(TextTable table, Entry run, List<String> record, String error) {
    Duration took = Duration.ofMillis(run.millis());
    List<Object> cells = new ArrayList<>(record);
    cells.add(0, run.start().toString().substring(0, 19).replace("T", " "));
    cells.add(1, run.id().substring(0, Math.min(ID_COLUMNS, run.id().length())));
    cells.add(3, run.kind());
    cells.add(
        took.toMinutes() > 0
            ? "%d min %02d s".formatted(took.toMinutes(), took.toSecondsPart())
            : "%d.%d s".formatted(took.toSeconds(), took.toMillisPart() / 100));
    cells.add(run.outcome());
    cells.add(TextTable.shortened(error, ERROR_COLUMNS));
    table.add(cells.toArray());
  }
}
