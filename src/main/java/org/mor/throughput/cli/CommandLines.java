package org.mor.throughput.cli;

import java.util.List;
import java.util.Objects;
import org.mor.throughput.logging.Redactor;
import org.mor.throughput.wiring.ProgramLocale;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Builds the command line: every command, its help and its exit codes. */
final class CommandLines {
  /** Commands that serve one purpose, as the root help shows them. */
  private record Purpose(String heading, List<String> commands) {}

  private static final List<Purpose> PURPOSES =
      List.of(
          new Purpose("Try it:", List.of("demo", "spot-check")),
          new Purpose("Index and publish:", List.of("backfill", "incremental", "rollup")),
          new Purpose("See how things stand:", List.of("status", "doctor", "verify")),
          new Purpose("Put right:", List.of("enrich-closes", "repair", "rewind")),
          new Purpose("Use the data:", List.of("serve", "report", "export", "pull")),
          new Purpose("Find your way:", List.of("help", "generate-completion")));

  private CommandLines() {}

  static CommandLine create(Surroundings surroundings, Operations.Factory operations) {
    ProgramLocale.set();
    CommandLine commands = new CommandLine(new Indexer(surroundings, operations));
    Redactor redactor = surroundings.redactor();
    Failures failures = new Failures(redactor);
    commands.setExecutionExceptionHandler(failures).setParameterExceptionHandler(failures);
    withHelp(commands);
    commands.getSubcommands().values().forEach(CommandLines::withHelp);
    describe(commands, "help", "Shows the help of a command.");
    describe(commands, "generate-completion", "Prints the completion for bash and zsh.");
    commands
        .getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, CommandLines::byPurpose);
    return commands;
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
        table.addRowValues(name, said[0]);
      }
      list.append(purpose.heading()).append(System.lineSeparator()).append(table);
    }
    return list.toString();
  }

  private static void withHelp(CommandLine command) {
    command.getCommandSpec().mixinStandardHelpOptions(true).version(version());
  }

  private static String version() {
    String version = CommandLines.class.getPackage().getImplementationVersion();
    return "throughput-indexer " + (version == null ? "(not packaged)" : version);
  }
}
