package org.mor.throughput.cli;

import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RunRecord.Outcome;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.config.Config;
import org.mor.throughput.wiring.ExitCode;
import org.mor.throughput.wiring.Graph;
import org.mor.throughput.wiring.Graph.Tempo;
import org.mor.throughput.wiring.ProgramLocale;
import org.mor.throughput.wiring.RunRecorder;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Spec;

/** The root command: names the others by purpose and holds what they share. */
@Command(
    name = "indexer",
    description = "Reads every session of the Morpheus marketplace and publishes what it served.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%n",
    subcommands = {
      DemoCommand.class,
      BackfillCommand.class,
      IncrementalCommand.class,
      RollupCommand.class,
      EnrichClosesCommand.class,
      SpotCheckCommand.class,
      StatusCommand.class,
      RunsCommand.class,
      ReportCommand.class,
      PullCommand.class,
      ExportCommand.class,
      VerifyCommand.class,
      DoctorCommand.class,
      ProveCommand.class,
      RepairCommand.class,
      RewindCommand.class,
      ServeCommand.class,
      LiveCommand.class,
      RelayCommand.class,
      TelemetryCommand.class,
      LoadTestCommand.class,
      LoadReportCommand.class,
      HelpCommand.class,
      GenerateCompletion.class
    },
    footer = {
      "%nExamples:",
      "  indexer demo",
      "  indexer backfill --start-block 39593197",
      "  indexer help backfill",
      "%nExit codes: 0 done, 1 a check found a difference, 2 usage or configuration,",
      "3 the chain's endpoints failed, 4 the store failed, 5 data refused,",
      "70 a fault of the program."
    })
final class Indexer implements Callable<Integer> {
  /** Commands that serve one purpose, as the root help shows them. */
  private record Purpose(String heading, List<String> commands) {}

  private static final List<Purpose> PURPOSES =
      List.of(
          new Purpose("Try it:", List.of("demo", "spot-check")),
          new Purpose("Index and publish:", List.of("backfill", "incremental", "rollup")),
          new Purpose(
              "See how things stand:", List.of("status", "runs", "doctor", "verify", "prove")),
          new Purpose("Put right:", List.of("enrich-closes", "repair", "rewind")),
          new Purpose(
              "Use the data:", List.of("serve", "live", "relay", "report", "export", "pull")),
          new Purpose("Watch the server:", List.of("telemetry", "load-test", "load-report")),
          new Purpose("Find your way:", List.of("help", "generate-completion")));

  /** Carries a command out once its options and its configuration are read. */
  @FunctionalInterface
  interface Runner {
    Report run(ReportingCommand command, Config config, Surroundings around);
  }

  private final Surroundings surroundings;
  private final Runner runner;
  @Spec private @Nullable CommandSpec spec;

  private Indexer(Surroundings surroundings, Runner runner) {
    this.surroundings = surroundings;
    this.runner = runner;
  }

  /** The whole command line, over the real chain and store. */
  static CommandLine create(Surroundings surroundings, Tempo tempo) {
    return create(
        surroundings,
        (command, config, around) -> {
          Graph graph = new Graph(config, around.home(), around.redactor(), tempo);
          return command.writes()
              ? new RunRecorder(graph, InstantSource.system())
                  .recorded(
                      command.spec().name(),
                      "laptop",
                      Indexer::outcome,
                      () -> command.run(graph, around))
              : command.run(graph, around);
        });
  }

  /** A check that found a difference, or a scan that was interrupted, leaves something over. */
  private static Outcome outcome(Report report) {
    return report.difference() || report.equals(Report.NOTHING) ? Outcome.PARTIAL : Outcome.DONE;
  }

  static CommandLine create(Surroundings surroundings, Runner runner) {
    ProgramLocale.set();
    CommandLine commands = new CommandLine(new Indexer(surroundings, runner));
    Redactor redactor = surroundings.redactor();
    Failures failures = new Failures(redactor);
    commands.setExecutionExceptionHandler(failures).setParameterExceptionHandler(failures);
    withHelp(commands);
    commands.getSubcommands().values().forEach(Indexer::withHelp);
    describe(commands, "help", "Shows the help of a command.");
    describe(commands, "generate-completion", "Prints the completion for bash and zsh.");
    commands.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, Indexer::byPurpose);
    return commands;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  Runner runner() {
    return runner;
  }

  /** Without a command: names them all. */
  @Override
  public Integer call() {
    CommandLine own = Objects.requireNonNull(spec).commandLine();
    own.getErr().println("error: Missing command");
    own.usage(own.getErr());
    own.getErr().flush();
    return ExitCode.USAGE.number();
  }

  /** In our words what picocli says of its own commands. */
  private static void describe(CommandLine commands, String name, String header) {
    usage(commands, name).header(header);
  }

  private static UsageMessageSpec usage(CommandLine commands, String name) {
    CommandLine command = Objects.requireNonNull(commands.getSubcommands().get(name), name);
    return command.getCommandSpec().usageMessage();
  }

  private static String byPurpose(Help help) {
    StringBuilder list = new StringBuilder();
    for (Purpose purpose : PURPOSES) {
      Help.TextTable table =
          Help.TextTable.forColumns(
              help.colorScheme(),
              new Column(22, 2, Column.Overflow.SPAN),
              new Column(58, 0, Column.Overflow.WRAP));
      for (String name : purpose.commands()) {
        UsageMessageSpec usage = usage(help.commandSpec().commandLine(), name);
        String[] said = usage.header().length > 0 ? usage.header() : usage.description();
        table.addRowValues(name, String.join(" ", said));
      }
      list.append(purpose.heading()).append(System.lineSeparator()).append(table);
    }
    return list.toString();
  }

  private static void withHelp(CommandLine command) {
    String version = "throughput-indexer " + RunRecorder.version();
    command.getCommandSpec().mixinStandardHelpOptions(true).version(version);
  }
}
