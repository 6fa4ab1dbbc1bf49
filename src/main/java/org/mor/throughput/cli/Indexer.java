package org.mor.throughput.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.wiring.ExitCode;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root command: names the others and holds what they share. */
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
      ReportCommand.class,
      PullCommand.class,
      ExportCommand.class,
      VerifyCommand.class,
      DoctorCommand.class,
      RepairCommand.class,
      RewindCommand.class,
      ServeCommand.class,
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
  private final Surroundings surroundings;
  private final Operations.Factory operations;
  @Spec private @Nullable CommandSpec spec;

  Indexer(Surroundings surroundings, Operations.Factory operations) {
    this.surroundings = surroundings;
    this.operations = operations;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  Operations.Factory operations() {
    return operations;
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
}
