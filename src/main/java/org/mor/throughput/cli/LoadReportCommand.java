package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.report.LoadReport;
import org.mor.throughput.telemetry.Database;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "load-report",
    description =
        "Writes a load test as LOAD_REPORT_RUN.md with charts, compared with the last one.",
    footer = {
      "%nExamples:",
      "  indexer load-report",
      "  indexer load-report --run-id load-20261128T091500"
    })
final class LoadReportCommand extends ReportingCommand {
  private static final int MOST = 10_000;

  @Option(names = "--run-id", paramLabel = "ID", description = "The run; default: the last one.")
  private @Nullable String runId;

  @Override
  Need[] needs() {
    return new Need[0];
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    Path file = TelemetryCommand.file(graph.config(), around);
    ArrayNode runs = Report.object().arrayNode();
    if (Files.exists(file)) {
      try (Database database = Database.open(file)) {
        runs = database.runs(MOST);
      } catch (SQLException e) {
        throw TelemetryCommand.trouble(file, e);
      }
    }
    for (JsonNode run : runs) {
      String id = run.path("runId").asText();
      if (runId == null || runId.equals(id)) {
        return ReportCommand.written(
            Report.object().put("runId", id),
            LoadReport.of(run, LoadReport.before(run, runs)),
            Path.of("").toAbsolutePath());
      }
    }
    throw new BadRequestException(
        "%s is kept in %s\nnext: indexer load-test"
            .formatted(runId == null ? "No load test" : "No load test of that id", file));
  }
}
