package org.mor.throughput.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.config.Config;
import org.mor.throughput.logging.Redactor;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Runs command lines whose commands only remember that they were asked. */
final class TestRun {
  private final Map<String, String> environment;
  private final Redactor redactor = new Redactor();
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private @Nullable CommandSpec asked;
  private @Nullable Config config;
  private @Nullable RuntimeException failure;
  private boolean difference;

  TestRun(Map<String, String> environment) {
    this.environment = environment;
  }

  int execute(String line) {
    out = new StringWriter();
    err = new StringWriter();
    String[] words = line.isEmpty() ? new String[0] : line.split(" ", -1);
    return commands().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(words);
  }

  CommandLine commands() {
    Surroundings surroundings =
        new Surroundings(
            environment,
            Path.of("target/no-configuration-here"),
            ProgressReporter.silent(),
            new PrintWriter(err),
            redactor);
    return Indexer.create(
        surroundings,
        (command, given, around) -> {
          config = given;
          asked = command.spec();
          if (failure != null) {
            throw failure;
          }
          String name = command.spec().name();
          return new Report(List.of(name), Report.object().put("did", name), difference);
        });
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  /** The value of an option, or of its default, as text. */
  String option(String name) {
    return String.valueOf(Objects.requireNonNull(asked).findOption(name).<Object>getValue());
  }

  Config config() {
    return Objects.requireNonNull(config);
  }

  void failWith(RuntimeException thrown) {
    failure = thrown;
  }

  void findDifference() {
    difference = true;
  }
}
