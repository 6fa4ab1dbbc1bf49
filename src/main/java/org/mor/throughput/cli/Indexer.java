package org.mor.throughput.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root command: names the others and holds what they share. */
@Command(
    name = "indexer",
    description = "Reads every session of the Morpheus marketplace and publishes what it served.",
    synopsisSubcommandLabel = "COMMAND",
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
      ServeCommand.class
    },
    footer = {
      "%nExamples:",
      "  indexer demo",
      "  indexer backfill --start-block 39593197",
      "  indexer COMMAND --help",
      "%nExit codes: 0 done, 1 a check found a difference, 2 usage or configuration,",
      "3 the chain's endpoints failed, 4 the store failed, 5 data refused,",
      "70 a fault of the program."
    })
final class Indexer implements Runnable {
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

  @Override
  public void run() {
    CommandSpec own = Objects.requireNonNull(spec);
    throw new ParameterException(own.commandLine(), "Missing command");
  }
}
