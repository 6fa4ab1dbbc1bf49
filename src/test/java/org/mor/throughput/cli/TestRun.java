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

/** Runs command lines over operations that only remember what they were asked. */
final class TestRun {
  private final Map<String, String> environment;
  private final Redactor redactor = new Redactor();
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private @Nullable Object asked;
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
    return CommandLines.create(
        surroundings,
        (given, around) -> {
          config = given;
          return new Remembering();
        });
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  Object asked() {
    return Objects.requireNonNull(asked);
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

  private final class Remembering implements Operations {
    private Report did(Object request) {
      asked = request;
      if (failure != null) {
        throw failure;
      }
      return new Report(
          List.of(request.toString()), JsonOut.object().put("did", request.toString()), difference);
    }

    @Override
    public Report demo(Demo request) {
      return did(request);
    }

    @Override
    public Report backfill(Backfill request) {
      return did(request);
    }

    @Override
    public Report incremental() {
      return did("incremental");
    }

    @Override
    public Report rollup(Rollup request) {
      return did(request);
    }

    @Override
    public Report enrichCloses(EnrichCloses request) {
      return did(request);
    }

    @Override
    public Report spotCheck(int recent) {
      return did("spot-check " + recent);
    }

    @Override
    public Report status() {
      return did("status");
    }

    @Override
    public Report repair(boolean dryRun) {
      return did("repair " + dryRun);
    }

    @Override
    public Report rewind(long to, boolean dryRun) {
      return did("rewind " + to + " " + dryRun);
    }

    @Override
    public Report report(MonthReport request) {
      return did(request);
    }

    @Override
    public Report pull(Pull request) {
      return did(request);
    }

    @Override
    public Report export(Export request) {
      return did(request);
    }

    @Override
    public Report verify(Verify request) {
      return did(request);
    }

    @Override
    public Report trustless(Trustless request) {
      return did(request);
    }

    @Override
    public Report doctor() {
      return did("doctor");
    }

    @Override
    public Report metrics() {
      return did("metrics");
    }

    @Override
    public Report serve(int port) {
      return did("serve " + port);
    }
  }
}
