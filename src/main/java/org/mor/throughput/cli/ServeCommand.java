package org.mor.throughput.cli;

import org.mor.throughput.config.Config.Need;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "serve",
    description = "Serves the page, the published documents and the analytics API on 127.0.0.1.",
    footer = {"%nExamples:", "  indexer serve", "  indexer serve --port 9000"})
final class ServeCommand extends ReportingCommand {
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
  Report run(Operations operations) {
    return operations.serve(port);
  }
}
