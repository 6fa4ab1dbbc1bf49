package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.report.MonthlyReport;
import org.mor.throughput.report.MonthlyReport.ReportFile;
import org.mor.throughput.report.ReportSourceCodec;
import org.mor.throughput.report.ReportSourceCodec.NothingToReportException;
import org.mor.throughput.report.ReportSourceCodec.ReportSource;
import org.mor.throughput.store.ObjectStore;

/** Writes the files of a month's report. */
record MonthReportOperation(ObjectStore store) {
  Report run(Operations.MonthReport request) {
    Path out = request.out().orElse(Path.of("report-" + request.month() + ".md")).toAbsolutePath();
    String name = String.valueOf(out.getFileName());
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*\\.md")) {
      throw new BadRequestException(
          "--out %s: a file ending in .md is needed, of letters, digits, dots, hyphens and underscores, since the charts are named after it"
              .formatted(out));
    }
    List<String> lines = new ArrayList<>();
    ObjectNode json = JsonOut.object().put("month", request.month().toString());
    ArrayNode written = json.putArray("files");
    for (ReportFile file : MonthlyReport.of(source(request), name)) {
      Path path = out.resolveSibling(file.name());
      write(path, file.text());
      lines.add("written: " + path);
      written.add(path.toString());
    }
    return new Report(lines, json, false);
  }

  private ReportSource source(Operations.MonthReport request) {
    try {
      return ReportSourceCodec.read(store, request.month());
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
