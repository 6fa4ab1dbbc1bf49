package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.report.MonthlyReport;
import org.mor.throughput.report.MonthlyReport.ReportFile;
import org.mor.throughput.report.ReportSourceCodec;
import org.mor.throughput.report.ReportSourceCodec.NothingToReportException;
import org.mor.throughput.report.ReportSourceCodec.ReportSource;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.wiring.Graph;
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
  Report run(Graph graph, Surroundings around) {
    Month asked = Objects.requireNonNull(month);
    Path target = out != null ? out : Path.of("report-" + asked + ".md");
    return write(graph.store(), asked, target.toAbsolutePath());
  }

  private static Report write(ObjectStore store, Month month, Path out) {
    String name = String.valueOf(out.getFileName());
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*\\.md")) {
      throw new BadRequestException(
          "--out %s: a file ending in .md is needed, of letters, digits, dots, hyphens and underscores, since the charts are named after it"
              .formatted(out));
    }
    ObjectNode json = Report.object().put("month", month.toString());
    return written(json, MonthlyReport.of(source(store, month), name), out.resolveSibling(""));
  }

  /** Writes the files of a report into a directory. */
  static Report written(ObjectNode json, List<ReportFile> files, Path directory) {
    List<String> lines = new ArrayList<>();
    ArrayNode written = json.putArray("files");
    for (ReportFile file : files) {
      Path path = directory.resolve(file.name());
      write(path, file.text());
      lines.add("written: " + path);
      written.add(path.toString());
    }
    return new Report(lines, json, false);
  }

  private static ReportSource source(ObjectStore store, Month month) {
    try {
      return ReportSourceCodec.read(store, month);
    } catch (NothingToReportException e) {
      throw new BadRequestException(String.valueOf(e.getMessage()));
    }
  }

  private static void write(Path path, String text) {
    try {
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new BadRequestException(
          "Writing %s failed (%s): choose a file that can be written with --out"
              .formatted(path, e.getClass().getSimpleName()));
    }
  }
}
