package org.mor.throughput.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.export.Export;
import org.mor.throughput.export.Export.DoesNotFitException;
import org.mor.throughput.export.Span;
import org.mor.throughput.export.TableFormat;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.NotIndexedException;
import org.mor.throughput.session.Month;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "export",
    description =
        "Writes the stored rows as one flat table, or as a lake of Parquet by month. Both hold wallets as the store does: keep them private.",
    footer = {
      "%nExamples:",
      "  indexer export --format parquet",
      "  indexer export --format csv --partition 2026-05 --out may.csv",
      "  indexer export --format csv --what opens --from 2026-05-01 --out -",
      "  indexer export --format parquet --partition-by month --to s3://private-bucket/lake/"
    })
final class ExportCommand extends ReportingCommand {
  /** Where copies and tables go when nobody says where; nothing in it is under version control. */
  static final String LOCAL = "local-raw";

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
      converter = Converters.Rows.class,
      description = "closes or opens; default: closes, and both with --partition-by.")
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
      paramLabel = "YYYY-MM-DD|PLACE",
      description =
          "Only up to this UTC day, which is included. With --partition-by: where the lake is, s3://bucket/prefix/ or a directory.")
  private @Nullable String to;

  private @Nullable LocalDate lastDay;

  @Option(
      names = "--partition-by",
      paramLabel = "month",
      description =
          "Write a lake: Parquet by month below --to, where only months whose rows changed are written.")
  private @Nullable String partitionBy;

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
    if (partitionBy != null) {
      validateLake();
      return;
    }
    try {
      lastDay = to == null ? null : new Converters.Day().convert(to);
    } catch (TypeConversionException e) {
      throw usage("--to: %s; a place needs --partition-by".formatted(e.getMessage()));
    }
    if (partition != null && (from != null || to != null)) {
      throw usage("--partition and --from or --to exclude each other");
    }
    if (from != null && lastDay != null && lastDay.isBefore(from)) {
      throw usage("--to %s is before --from %s".formatted(to, from));
    }
    if (toStandardOutput() && Objects.requireNonNull(format) == TableFormat.PARQUET) {
      throw usage("--out - is for csv and ndjson: Parquet is no text, name a file");
    }
    if (toStandardOutput() && json()) {
      throw usage("--out - and --json exclude each other: both print");
    }
  }

  private void validateLake() {
    if (!"month".equals(partitionBy) || format != TableFormat.PARQUET || to == null) {
      throw usage(
          "A lake is written with --partition-by month --format parquet --to s3://bucket/prefix/ (or a directory)");
    }
    if (what != null || partition != null || from != null || out != null || force) {
      throw usage(
          "--partition-by writes all rows: it excludes --what, --partition, --from, --out and --force");
    }
  }

  private boolean toStandardOutput() {
    return out != null && out.toString().equals(STANDARD_OUTPUT);
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    if (partitionBy != null) {
      return new LakeExport(graph, around).run(Objects.requireNonNull(to));
    }
    Ledger ledger = graph.ledger();
    List<Month> months = months(ledger, graph.store().location());
    Export export = new Export(ledger.rows(), ledger.models().find(), graph.rules());
    try (Progress progress = new Progress(around.progress(), "exporting " + name())) {
      AtomicInteger done = new AtomicInteger();
      Export.Listener listener =
          (month, rows) -> progress.partitions(done.incrementAndGet(), months.size());
      return toStandardOutput()
          ? print(export, months, around.notices(), listener)
          : write(export, months, target(around.home().resolve(LOCAL)), listener);
    } catch (DoesNotFitException e) {
      throw new BadRequestException(String.valueOf(e.getMessage()));
    }
  }

  private Span span() {
    Span span = partition == null ? Span.ALL : Span.of(partition);
    span = from == null ? span : span.since(from);
    return lastDay == null ? span : span.through(lastDay);
  }

  private List<Month> months(Ledger ledger, String where) {
    List<Month> stored = List.copyOf(ledger.rows().months(rows()));
    if (stored.isEmpty()) {
      throw new NotIndexedException(
          "There are no %s in %s\nnext: correct STORE, or index first with backfill"
              .formatted(name(), where));
    }
    List<Month> wanted = stored.stream().filter(span()::touches).toList();
    if (wanted.isEmpty()) {
      throw new BadRequestException(
          "There are no %s of that time in %s; there are months %s to %s"
              .formatted(name(), where, stored.get(0), stored.get(stored.size() - 1)));
    }
    return wanted;
  }

  private Report print(
      Export export, List<Month> months, PrintWriter notices, Export.Listener listener) {
    try {
      BufferedWriter out = new BufferedWriter(new OpenOutput(standardOutput()), 1 << 16);
      long rows = export.run(rows(), months, span(), format(), out, listener);
      notices.println(summary(rows, months));
      notices.flush();
      return Report.NOTHING;
    } catch (IOException e) {
      if (isPipe()) { // its reader has seen enough, such as head
        return Report.NOTHING;
      }
      throw new BadRequestException(
          "Writing standard output failed: the table is not whole\nnext: look for room where it goes, or name a file with --out");
    }
  }

  /** A pipe or a socket takes everything until its reader closes it; a full disk does not. */
  private static boolean isPipe() {
    try {
      int type = (Integer) Files.getAttribute(Path.of("/dev/stdout"), "unix:mode") & 0xF000;
      return type == 0x1000 || type == 0xC000;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false;
    }
  }

  private Report write(Export export, List<Month> months, Path target, Export.Listener listener) {
    requireRoom(target);
    try (WholeFile file = WholeFile.create(target)) {
      long rows = export.run(rows(), months, span(), format(), file.stream(), listener);
      requireRoom(target);
      file.finish();
      return new Report(
          List.of(summary(rows, months), "written: " + target),
          Report.object()
              .put("what", name())
              .put("format", format().label())
              .put("rows", rows)
              .put("firstMonth", months.get(0).toString())
              .put("lastMonth", months.get(months.size() - 1).toString())
              .put("file", target.toString())
              .put("bytes", Files.size(target)),
          false);
    } catch (IOException e) {
      throw new BadRequestException(
          "Writing %s failed (%s): nothing is left of it; choose a file that can be written with --out"
              .formatted(target, reason(e)));
    }
  }

  private void requireRoom(Path target) {
    if (Files.exists(target) && !force) {
      throw new BadRequestException(
          "%s exists: nothing was written\nnext: choose another file with --out, or write over it with --force"
              .formatted(target));
    }
  }

  private Path target(Path local) {
    Path chosen = (out != null ? out : local).toAbsolutePath().normalize();
    if (out == null) {
      makeLocal(chosen);
    }
    return Files.isDirectory(chosen)
        ? chosen.resolve(name() + suffix() + "." + format().label())
        : chosen;
  }

  private static void makeLocal(Path dir) {
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      throw new BadRequestException(
          "Making %s failed (%s): choose a file that can be written with --out"
              .formatted(dir, reason(e)));
    }
  }

  /** Part of the default name, so that a part of the rows is not taken for all. */
  private String suffix() {
    return span().equals(Span.ALL) ? "" : "-" + span();
  }

  private String summary(long rows, List<Month> months) {
    return "%s: %,d rows of %d months, %s to %s"
        .formatted(name(), rows, months.size(), months.get(0), months.get(months.size() - 1));
  }

  private RowKind rows() {
    return what == null ? RowKind.CLOSES : what;
  }

  private TableFormat format() {
    return Objects.requireNonNull(format);
  }

  private String name() {
    return rows() == RowKind.OPENS ? "opens" : "closes";
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such directory";
    }
    boolean said = e instanceof FileSystemException fs && fs.getReason() != null;
    return said
        ? String.valueOf(((FileSystemException) e).getReason())
        : e.getClass().getSimpleName();
  }
}
