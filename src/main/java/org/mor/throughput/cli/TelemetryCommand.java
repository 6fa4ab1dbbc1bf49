package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.mor.throughput.config.Config;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.telemetry.Database;
import org.mor.throughput.telemetry.Telemetry;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "telemetry",
    description = "Compacts, exports or empties TELEMETRY_DB, which serve and live count in.",
    footer = {
      "%nExamples:",
      "  indexer telemetry compact",
      "  indexer telemetry export --table requests > requests.ndjson",
      "  indexer telemetry reset"
    })
final class TelemetryCommand extends ReportingCommand {
  /** Load tests are kept here where TELEMETRY_DB is not set. */
  private static final String DEFAULT = ExportCommand.LOCAL + "/telemetry.db";

  private static final List<String> TABLES = List.of("hours", "requests", "days", "runs");

  @SuppressWarnings("FieldCanBeFinal") // picocli sets it
  @Parameters(
      paramLabel = "WHAT",
      description = "compact gives space back, export prints rows, reset removes all of them.")
  private String what = "";

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      defaultValue = "hours",
      description = "export: hours, requests, days or runs; default: ${DEFAULT-VALUE}.")
  private String table = "hours";

  @Override
  void validate() {
    if (!List.of("compact", "export", "reset").contains(what)) {
      throw usage("'%s' is not compact, export or reset".formatted(what));
    }
    if (!TABLES.contains(table)) {
      throw usage("'%s' is not %s".formatted(table, String.join(", ", TABLES)));
    }
  }

  @Override
  Need[] needs() {
    return new Need[0];
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    Path file = file(graph.config(), around);
    if (!Files.exists(file)) {
      throw new BadRequestException(
          "There is no %s\nnext: set TELEMETRY_DB to the file that the server writes"
              .formatted(file));
    }
    try (Database database = Database.open(file)) {
      if (what.equals("export")) {
        PrintWriter out = standardOutput();
        database.each("SELECT * FROM " + table, row -> out.println((JsonNode) row));
        return Report.NOTHING;
      }
      long before = Files.size(file);
      if (what.equals("compact")) {
        database.compact();
      } else {
        database.reset();
      }
      long after = Files.size(file);
      return new Report(
          List.of("%s: %,d bytes, before %,d".formatted(file, after, before)),
          Report.object().put("file", file.toString()).put("bytes", after).put("before", before),
          false);
    } catch (SQLException | IOException e) {
      throw trouble(file, e);
    }
  }

  static BadRequestException trouble(Path file, Exception why) {
    return new BadRequestException(
        "The telemetry database %s cannot be used: %s\nnext: if it is damaged, remove it; the server makes another; if it is locked, try again"
            .formatted(file, why.getMessage()));
  }

  static Path file(Config config, Surroundings around) {
    return around.home().resolve(config.telemetry().database().orElse(DEFAULT));
  }

  /** The telemetry of a server; empty where TELEMETRY_DB is not set. */
  static Optional<Telemetry> start(Config config, Surroundings around) {
    return config.telemetry().database().map(set -> Telemetry.start(file(config, around)));
  }

  /** A server's handler, counted where there is telemetry. */
  static Handler around(Optional<Telemetry> telemetry, Config config, Handler handler) {
    return telemetry
        .map(t -> t.around(handler, config.live().trustedProxies(), config.telemetry().token()))
        .orElse(handler);
  }
}
