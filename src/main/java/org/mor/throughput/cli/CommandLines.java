package org.mor.throughput.cli;

import org.mor.throughput.base.Redactor;
import org.mor.throughput.wiring.ProgramLocale;
import picocli.CommandLine;

/** Builds the command line: every command, its help and its exit codes. */
final class CommandLines {
  private CommandLines() {}

  static CommandLine create(Surroundings surroundings, Operations.Factory operations) {
    ProgramLocale.set();
    CommandLine commands = new CommandLine(new Indexer(surroundings, operations));
    Redactor redactor = surroundings.redactor();
    Failures failures = new Failures(redactor);
    commands.setExecutionExceptionHandler(failures).setParameterExceptionHandler(failures);
    withHelp(commands);
    commands.getSubcommands().values().forEach(CommandLines::withHelp);
    return commands;
  }

  private static void withHelp(CommandLine command) {
    command.getCommandSpec().mixinStandardHelpOptions(true).version(version());
  }

  private static String version() {
    String version = CommandLines.class.getPackage().getImplementationVersion();
    return "throughput-indexer " + (version == null ? "(not packaged)" : version);
  }
}
