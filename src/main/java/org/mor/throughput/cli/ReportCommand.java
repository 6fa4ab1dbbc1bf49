package org.mor.throughput.cli;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.session.Month;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "report",
    description =
        "Writes a month in Markdown, with charts beside it, from the published documents.",
    footer = {
      "%nExamples:",
      "  indexer report --month 2026-05",
      "  indexer report --month 2026-05 --out may.md"
    })
final class ReportCommand extends ReportingCommand {
  @Option(
      names = "--month",
      paramLabel = "YYYY-MM",
      required = true,
      converter = Converters.Partition.class,
      description = "The month (UTC).")
  private @Nullable Month month;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The Markdown file; default: report-YYYY-MM.md in the current directory.")
  private @Nullable Path out;

  @Override
  Need[] needs() {
    return new Need[] {Need.STORE};
  }

  @Override
  Report run(Operations operations) {
    Month asked = Objects.requireNonNull(month);
    return operations.report(new Operations.MonthReport(asked, Optional.ofNullable(out)));
  }
}
