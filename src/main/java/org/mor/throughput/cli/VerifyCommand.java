package org.mor.throughput.cli;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.config.Config.Need;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "verify",
    description =
        "Checks the stored rows, the published documents against a recomputation, and a sample of rows against the chain. Writes nothing.",
    footer = {
      "%nExamples:",
      "  indexer verify",
      "  indexer verify --sample 100 --seed 7",
      "  indexer verify --sample 0 --json"
    })
final class VerifyCommand extends ReportingCommand {
  @Option(
      names = "--sample",
      paramLabel = "N",
      defaultValue = "20",
      converter = Converters.CountOrNone.class,
      description =
          "How many rows are read from the chain again, 0 for none; default: ${DEFAULT-VALUE}.")
  private int sample;

  @Option(
      names = "--seed",
      paramLabel = "S",
      converter = Converters.Block.class,
      description = "Chooses the same rows again; default: any.")
  private @Nullable Long seed;

  @Override
  Need[] needs() {
    return new Need[] {Need.STORE, Need.START_BLOCK};
  }

  @Override
  Report run(Operations operations) {
    OptionalLong chosen = seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
    return operations.verify(new Operations.Verify(sample, chosen));
  }
}
