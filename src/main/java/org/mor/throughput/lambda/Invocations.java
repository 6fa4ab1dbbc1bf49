package org.mor.throughput.lambda;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.config.ConfigException;
import org.mor.throughput.lambda.Function.Outcome;
import org.mor.throughput.wiring.Cdn;
import org.mor.throughput.wiring.ExitCode;
import org.mor.throughput.wiring.Graph.Tempo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The invocations of one environment: each one's payload, report, log line and metrics. */
final class Invocations {
  private static final Logger LOG = LoggerFactory.getLogger(Invocations.class);

  private final FunctionLog log;
  private final InstantSource clock;
  private final String functionName;
  private final @Nullable Function function;
  private final @Nullable ConfigException unusable;
  private boolean cold = true;

  private Invocations(
      FunctionLog log,
      InstantSource clock,
      String functionName,
      @Nullable Function function,
      @Nullable ConfigException unusable) {
    this.log = log;
    this.clock = clock;
    this.functionName = functionName;
    this.function = function;
    this.unusable = unusable;
  }

  /** A configuration that cannot be used fails every invocation rather than the environment. */
  static Invocations start(
      Map<String, String> environment, FunctionLog log, InstantSource clock, Tempo tempo) {
    String name = environment.getOrDefault("AWS_LAMBDA_FUNCTION_NAME", "unknown");
    try {
      Function function = Function.of(environment, log, clock, tempo);
      return new Invocations(log, clock, name, function, null);
    } catch (ConfigException e) {
      return new Invocations(log, clock, name, null, e);
    }
  }

  /**
   * The report of a run that succeeded, as JSON.
   *
   * @throws RunFailedException when it did not
   */
  String run(byte[] payload, String runId, Handler.TimeLeft time) {
    log.run(runId);
    Instant start = clock.instant();
    Function.RpcMeter meter = new Function.RpcMeter();
    List<String> warnings = new ArrayList<>();
    Optional<RunRequest> asked = Optional.empty();
    Optional<Outcome> outcome = Optional.empty();
    Optional<Throwable> thrown = Optional.empty();
    if (function != null) {
      function.begin(runId, time);
    }
    try {
      RunRequest request = accept(payload, warnings);
      asked = Optional.of(request);
      outcome = Optional.of(usable().run(request, time, meter, warnings));
    } catch (RuntimeException | IOException | Error e) {
      thrown = Optional.of(e);
    }
    RunReport report =
        new RunReport(
            new RunReport.Identity(
                runId, function == null ? "unknown" : function.network(), cold, asked),
            outcome.flatMap(Outcome::done),
            outcome.flatMap(Outcome::job),
            outcome.flatMap(Outcome::lagSeconds),
            outcome.flatMap(Outcome::gaps),
            outcome.map(Outcome::cdn).orElse(Cdn.Report.NOTHING),
            meter.total(),
            Duration.between(start, clock.instant()).toMillis(),
            warnings,
            thrown.map(this::failure));
    cold = false;
    String json = tell(report);
    if (function != null) {
      function.record(report, start, thrown, time);
    }
    report.failure().ifPresent(Invocations::fail);
    return json;
  }

  private Function usable() {
    if (unusable != null) {
      throw unusable;
    }
    return Objects.requireNonNull(function);
  }

  private RunRequest accept(byte[] payload, List<String> warnings) throws IOException {
    RunRequest request = RunRequest.decode(payload);
    for (String key : request.unknownKeys()) {
      warn(
          "The payload's key '%s' means nothing and was ignored; known are force_rollup, skip_rollup, max_blocks, backfill, plan and rollup"
              .formatted(shortened(key)),
          warnings);
    }
    request
        .event()
        .filter(event -> !RunRequest.isOfASchedule(event))
        .ifPresent(
            event ->
                warn(
                    "The event '%s' of '%s' is no schedule's; it starts a run all the same, so check what invokes this function"
                        .formatted(shortened(event.getDetailType()), shortened(event.getSource())),
                    warnings));
    return request;
  }

  private static void warn(String warning, List<String> warnings) {
    warnings.add(warning);
    LOG.warn("{}", warning);
  }

  private static String shortened(String key) {
    return key.length() <= 60 ? key : key.substring(0, 60) + "...";
  }

  private RunReport.Failure failure(Throwable thrown) {
    LOG.error("The run failed", thrown);
    ExitCode code = ExitCode.of(thrown);
    String message = String.valueOf(thrown.getMessage());
    String next =
        code.next().isEmpty() || message.contains("next: ") ? "" : "; next: " + code.next();
    return new RunReport.Failure(
        code.number(), thrown.getClass().getSimpleName(), log.redactor().redact(message + next));
  }

  /** Before anything else that can take long: the log says what the run did in any case. */
  private String tell(RunReport report) {
    String json = log.redactor().redact(report.toJson());
    log.report(report.failure().isPresent(), json);
    log.print(
        RunFigures.of(report)
            .embeddedLine(functionName, clock.instant(), report.identity().runId()));
    return json;
  }

  private static void fail(RunReport.Failure failure) {
    throw new RunFailedException(
        "%s (exit code %d of the command line): %s"
            .formatted(failure.type(), failure.exitCode(), failure.message()));
  }

  void prepareSnapshot() {
    if (function != null) {
      function.prime();
      function.forget();
    }
    LOG.info("Ready for a snapshot");
  }

  void restored() {
    if (function != null) {
      function.forget();
    }
    cold = true;
    LOG.info("Started from a snapshot");
  }
}
