package org.mor.throughput.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.export.Span;
import org.mor.throughput.export.TableFormat;
import org.mor.throughput.session.Month;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "export",
    description =
        "Writes the stored rows as one flat table. It holds wallets as the store does: keep it private.",
    footer = {
      "%nExamples:",
      "  indexer export --format parquet",
      "  indexer export --format csv --partition 2026-05 --out may.csv",
      "  indexer export --format csv --what opens --from 2026-05-01 --out -"
    })
final class ExportCommand extends ReportingCommand {
  private static final String STANDARD_OUTPUT = "-";

  @Option(
      names = "--format",
      paramLabel = "F",
      required = true,
      converter = Converters.Format.class,
      description = "csv, ndjson or parquet.")
  private @Nullable TableFormat format;

  @Option(
      names = "--what",
      paramLabel = "ROWS",
      defaultValue = "closes",
      converter = Converters.Rows.class,
      description = "closes or opens; default: ${DEFAULT-VALUE}.")
  private @Nullable RowKind what;

  @Option(
      names = "--partition",
      paramLabel = "YYYY-MM",
      converter = Converters.Partition.class,
      description = "Only this month (UTC).")
  private @Nullable Month partition;

  @Option(
      names = "--from",
      paramLabel = "YYYY-MM-DD",
      converter = Converters.Day.class,
      description = "Only from this UTC day on.")
  private @Nullable LocalDate from;

  @Option(
      names = "--to",
      paramLabel = "YYYY-MM-DD",
      converter = Converters.Day.class,
      description = "Only up to this UTC day, which is included.")
  private @Nullable LocalDate to;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "A file, a directory, or - for standard output; default: a file in local-raw named after what is in it.")
  private @Nullable Path out;

  @Option(names = "--force", description = "Write over a file that is there.")
  private boolean force;

  @Override
  Need[] needs() {
    return new Need[] {Need.STORE};
  }

  @Override
  void validate() {
    if (partition != null && (from != null || to != null)) {
      throw usage("--partition and --from or --to exclude each other");
    }
    if (from != null && to != null && to.isBefore(from)) {
      throw usage("--to %s is before --from %s".formatted(to, from));
    }
    if (toStandardOutput() && Objects.requireNonNull(format) == TableFormat.PARQUET) {
      throw usage("--out - is for csv and ndjson: Parquet is no text, name a file");
    }
    if (toStandardOutput() && json()) {
      throw usage("--out - and --json exclude each other: both print");
    }
  }

  private boolean toStandardOutput() {
    return out != null && out.toString().equals(STANDARD_OUTPUT);
  }

  @Override
  Report run(Operations operations) {
    Optional<PrintWriter> printed =
        toStandardOutput() ? Optional.of(standardOutput()) : Optional.empty();
    return operations.export(
        new Operations.Export(
            Objects.requireNonNull(format),
            Objects.requireNonNull(what),
            span(),
            Optional.ofNullable(out),
            printed,
            force));
  }

  private Span span() {
    Span span = partition == null ? Span.ALL : Span.of(partition);
    span = from == null ? span : span.since(from);
    return to == null ? span : span.through(to);
  }
}
