package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "prove",
    description =
        "Runs gates over a store, for CI and for a release. Without a name it lists them. Writes nothing to the store.",
    footer = {
      "%nExamples:",
      "  indexer prove",
      "  indexer prove stats privacy",
      "  indexer prove completeness freshness --max-lag 30 --json",
      "  indexer prove page --local-raw local-raw/demo",
      "%nExit code 1 where a gate fails. A gate that cannot run here is SKIPPED and says why."
    })
final class ProveCommand extends ReportingCommand {
  /** The gates, in the order in which they are listed. To add one, add a line. */
  private static final List<Gate> GATES =
      List.of(
          new Gate(
              "stats",
              "published figures: none negative, keys present, sums hold, documents match their hashes",
              (graph, lag) -> StatsGate.run(graph.store())),
          new Gate(
              "privacy",
              "no wallet, session or transaction of the stored rows is in any published byte",
              (graph, lag) -> PrivacyGate.run(graph)),
          new Gate(
              "completeness",
              "the stored proof says that no session is missing, and no block was left out",
              (graph, lag) -> Gates.completeness(graph)),
          new Gate("freshness", "the cursor's block is no older than --max-lag", Gates::freshness),
          new Gate(
              "telemetry-db",
              "schema, inserts, sums and retention of the telemetry database, on a scratch file",
              (graph, lag) -> Gates.telemetry()),
          new Gate(
              "load-smoke",
              "`serve` answers 50 users for 10 s, and 99 % of their requests well",
              (graph, lag) -> Gates.loadSmoke(graph.store(), Duration.ofSeconds(10))),
          new Gate(
              "page",
              "a browser loads the page from `serve` and draws the figures of summary.json",
              (graph, lag) -> PageGate.run(graph.store())));

  /**
   * One gate.
   *
   * @param proves what it proves, for people
   * @param method looks and says, given the minutes of --max-lag; a damaged object fails the gate
   */
  private record Gate(String name, String proves, BiFunction<Graph, Integer, Verdict> method) {
    Verdict verdict(Graph graph, int maxLag) {
      try {
        return method.apply(graph, maxLag);
      } catch (CorruptObjectException e) {
        return Verdict.of("an object that is damaged", List.of(String.valueOf(e.getMessage())));
      }
    }
  }

  /** How a gate ended. */
  enum Outcome {
    PASS,
    FAIL,
    /** It could not run here, and proves nothing. */
    SKIPPED
  }

  /**
   * What came of a gate.
   *
   * @param saw what it looked at and what it found, one line each
   */
  record Verdict(Outcome outcome, List<String> saw) {
    private static final int SHOWN = 20;

    Verdict {
      saw = List.copyOf(saw);
    }

    /** PASS without a fault, else FAIL with the first of them. */
    static Verdict of(String looked, List<String> faults) {
      List<String> saw = new ArrayList<>(List.of(looked));
      faults.stream().limit(SHOWN).forEach(saw::add);
      if (faults.size() > SHOWN) {
        saw.add("and %,d more".formatted(faults.size() - SHOWN));
      }
      return new Verdict(faults.isEmpty() ? Outcome.PASS : Outcome.FAIL, saw);
    }

    /** FAIL, because what the gate looks at is not there. */
    static Verdict nothing(String what, String next) {
      return of(what, List.of("it is not there yet; next: " + next));
    }

    static Verdict skipped(String why) {
      return new Verdict(Outcome.SKIPPED, List.of(why));
    }
  }

  @SuppressWarnings("FieldCanBeFinal") // picocli sets it
  @Parameters(arity = "0..*", paramLabel = "NAME", description = "The gates to run.")
  private List<String> names = List.of();

  @Option(
      names = "--local-raw",
      paramLabel = "DIR",
      description = "The store in this directory, whatever STORE says.")
  private @Nullable Path directory;

  @Option(
      names = "--max-lag",
      paramLabel = "MINUTES",
      defaultValue = "90",
      converter = Converters.Count.class,
      description = "The bound of `freshness`; default: ${DEFAULT-VALUE}.")
  private int maxLag;

  @Override
  void validate() {
    for (String name : names) {
      if (GATES.stream().noneMatch(gate -> gate.name().equals(name))) {
        throw usage(
            "There is no gate '%s': the gates are %s"
                .formatted(name, String.join(", ", GATES.stream().map(Gate::name).toList())));
      }
    }
    if (directory != null && !Files.isDirectory(directory)) {
      throw usage("--local-raw %s: there is no such directory".formatted(directory));
    }
  }

  @Override
  Map<String, String> variables(Surroundings around) {
    Map<String, String> variables = new LinkedHashMap<>(super.variables(around));
    if (directory != null) {
      variables.put("STORE", "file:" + directory.toAbsolutePath());
    }
    return variables;
  }

  @Override
  Need[] needs() {
    return names.isEmpty() ? new Need[0] : new Need[] {Need.STORE};
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    ObjectNode json = Report.object();
    ArrayNode array = json.putArray("gates");
    if (names.isEmpty()) {
      TextTable table = new TextTable("gate", "proves");
      for (Gate gate : GATES) {
        table.add(gate.name(), gate.proves());
        array.addObject().put("name", gate.name()).put("proves", gate.proves());
      }
      return new Report(table.lines(), json, false);
    }
    List<String> lines = new ArrayList<>();
    boolean failed = false;
    for (Gate gate : GATES) {
      if (names.contains(gate.name())) {
        Verdict verdict = gate.verdict(graph, maxLag);
        failed |= verdict.outcome() == Outcome.FAIL;
        TextTable saw = new TextTable("%s %s".formatted(verdict.outcome(), gate.name()));
        saw.add("  proves: " + gate.proves());
        verdict.saw().forEach(line -> saw.add("  saw: " + line));
        lines.addAll(saw.lines());
        ObjectNode one = array.addObject().put("name", gate.name()).put("proves", gate.proves());
        one.put("outcome", verdict.outcome().name());
        verdict.saw().forEach(one.putArray("saw")::add);
      }
    }
    json.put("failed", failed);
    return new Report(lines, json, failed);
  }
}
