package org.mor.throughput.cli;

import org.mor.throughput.config.Config.Need;
import picocli.CommandLine.Command;

@Command(
    name = "doctor",
    description =
        "Probes each endpoint, the store and the clock, and says what to do about what it finds.",
    footer = {"%nExamples:", "  indexer doctor", "  indexer doctor --json"})
final class DoctorCommand extends ReportingCommand {
  @Override
  Need[] needs() {
    return new Need[0]; // What is not configured is a finding.
  }

  @Override
  Report run(Operations operations) {
    return operations.doctor();
  }
}
