package org.mor.throughput.lambda;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.logging.JsonLine;
import org.mor.throughput.logging.LogLevel;
import org.mor.throughput.logging.Redactor;
import org.mor.throughput.logging.TerminalText;
import org.slf4j.event.Level;

/**
 * The function's log: one JSON object a line with timestamp, level, message and the run's id, every
 * registered secret replaced. It costs a few milliseconds to start where a logging library costs a
 * few hundred.
 */
final class FunctionLog {
  private static final String PROJECT = "org.mor.throughput";

  private final PrintStream out;
  private final Supplier<Instant> now;
  private final Redactor redactor = new Redactor();
  private volatile LogLevel level = LogLevel.INFO;
  private volatile @Nullable String runId;

  FunctionLog(PrintStream out, Supplier<Instant> now) {
    this.out = out;
    this.now = now;
  }

  Redactor redactor() {
    return redactor;
  }

  void level(LogLevel least) {
    level = least;
  }

  /** Every line names this run from now on. */
  void run(String id) {
    runId = id;
  }

  /** Libraries log warnings and errors only. */
  boolean isEnabled(String logger, Level severity) {
    LogLevel least = logger.startsWith(PROJECT) || level == LogLevel.ERROR ? level : LogLevel.WARN;
    return severity.toInt() >= Level.valueOf(least.name()).toInt();
  }

  void line(String logger, Level severity, String message, @Nullable Throwable thrown) {
    JsonLine json =
        start(severity)
            .field("logger", logger)
            .field("message", TerminalText.clean(redactor.redact(message)))
            .field("runId", runId);
    if (thrown != null) {
      json.field("exception", TerminalText.cleanLines(redactor.redact(stackTrace(thrown))));
    }
    print(json.toString());
  }

  /** The line of a whole run; {@code report} is JSON. */
  void report(boolean failed, String report) {
    print(
        start(failed ? Level.ERROR : Level.INFO)
            .field("message", failed ? "The run failed" : "The run is done")
            .field("runId", runId)
            .json("report", redactor.redact(report))
            .toString());
  }

  /** A line that is complete, such as one of metrics. */
  void print(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length); // at once, so that lines of two threads stay whole
    out.flush();
  }

  private JsonLine start(Level severity) {
    return new JsonLine()
        .field("timestamp", now.get().truncatedTo(ChronoUnit.MILLIS).toString())
        .field("level", severity.name());
  }

  private static String stackTrace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
