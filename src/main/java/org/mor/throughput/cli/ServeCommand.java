package org.mor.throughput.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.server.Handler;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.serve.StoreServer;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.telemetry.Telemetry;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "serve",
    description = "Serves the page, the published documents and the analytics API on 127.0.0.1.",
    footer = {"%nExamples:", "  indexer serve", "  indexer serve --port 9000"})
final class ServeCommand extends ReportingCommand {
  private static final String LOOPBACK = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8700",
      converter = Converters.Port.class,
      description = "The port, 0 for any free one; default: ${DEFAULT-VALUE}.")
  private int port;

  @Override
  Need[] needs() {
    return new Need[] {Need.STORE};
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    Optional<Telemetry> telemetry = TelemetryCommand.start(graph.config(), around);
    serve(
        graph.store(),
        port,
        all -> TelemetryCommand.around(telemetry, graph.config(), all),
        around.notices(),
        address ->
            "Serving %s at %s until you press Ctrl-C".formatted(graph.store().location(), address),
        "with --port, or 0 for any");
    return Report.NOTHING;
  }

  /**
   * Serves until the process is stopped.
   *
   * @param counted what is around all of it
   * @param greeting what is said of the address once it is served
   * @param instead which port to choose where this one cannot be used
   */
  static void serve(
      ObjectStore store,
      int port,
      UnaryOperator<Handler> counted,
      PrintWriter notices,
      Function<URI, String> greeting,
      String instead) {
    try (StoreServer server =
        StoreServer.start(
            store, LOOPBACK, port, "", (documents, executor) -> counted.apply(documents))) {
      notices.println(greeting.apply(server.address()));
      notices.flush();
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new BadRequestException(
          "Port %d of 127.0.0.1 cannot be used (%s): choose another one %s"
              .formatted(port, e.getMessage(), instead));
    }
  }
}
