package org.mor.throughput.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.config.Config;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.config.ConfigFile;
import org.mor.throughput.logging.Logging;
import org.mor.throughput.wiring.ExitCode;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What all commands share: where the configuration is, and how a result is shown. */
abstract class ReportingCommand implements Callable<Integer> {
  private static final String DEFAULT_FILE = "config.env";

  @ParentCommand private @Nullable Indexer indexer;
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "KEY=VALUE lines; default: config.env beside the launcher, if there is one.")
  private @Nullable Path file;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  /** What the command cannot do without. */
  abstract Need[] needs();

  /** Does what the command is for. It ends or throws; what it returns is shown. */
  abstract Report run(Graph graph, Surroundings around);

  /** Whether it writes to the store, so that it leaves a record of the run. */
  boolean writes() {
    return false;
  }

  /** Checks what the types of the options cannot. */
  void validate() {}

  /** The variables this command reads, by name. */
  Map<String, String> variables(Surroundings around) {
    Path chosen = file != null ? file : around.home().resolve(DEFAULT_FILE);
    return file != null || Files.exists(chosen)
        ? ConfigFile.read(chosen, around.environment())
        : ConfigFile.ofProgram(around.environment());
  }

  @Override
  public Integer call() {
    validate();
    Indexer parent = Objects.requireNonNull(indexer);
    Surroundings around = parent.surroundings();
    Map<String, String> variables = variables(around);
    Config.hideSecrets(variables, around.redactor());
    Config config = Config.parse(variables, needs());
    Logging.use(config.log().format(), config.log().level());
    if (json) {
      around = around.withProgress(ProgressReporter.silent());
    }
    Failures failures = new Failures(around.redactor());
    return show(parent.runner().run(this, config, around), failures);
  }

  private int show(Report report, Failures failures) {
    PrintWriter out = spec().commandLine().getOut();
    if (json) {
      out.println(report.jsonText());
    } else {
      report.lines().forEach(out::println);
    }
    out.flush();
    int code =
        report
            .trouble()
            .map(trouble -> failures.report(trouble, spec().commandLine().getErr()))
            .orElse(ExitCode.DONE.number());
    return report.difference() ? ExitCode.DIFFERENCE.number() : code;
  }

  boolean json() {
    return json;
  }

  /** For a result that is printed while it is made. */
  PrintWriter standardOutput() {
    return spec().commandLine().getOut();
  }

  ParameterException usage(String message) {
    return new ParameterException(spec().commandLine(), message);
  }

  CommandSpec spec() {
    return Objects.requireNonNull(spec);
  }

  /** The chain, where endpoints are configured. */
  static Optional<ChainReader> chain(Graph graph) {
    return graph.hasChain() ? Optional.of(graph.chain()) : Optional.empty();
  }
}
