package org.mor.throughput.lambda;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.base.TerminalText;
import org.mor.throughput.logging.LogLevel;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

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
    ObjectNode json = start(severity).put("logger", logger);
    json.put("message", TerminalText.clean(redactor.redact(message)));
    putRun(json);
    if (thrown != null) {
      json.put("exception", TerminalText.cleanLines(redactor.redact(stackTrace(thrown))));
    }
    print(json.toString());
  }

  /** The line of a whole run; {@code report} is JSON. */
  void report(boolean failed, String report) {
    ObjectNode json = start(failed ? Level.ERROR : Level.INFO);
    json.put("message", failed ? "The run failed" : "The run is done");
    putRun(json);
    print(json.putRawValue("report", new RawValue(redactor.redact(report))).toString());
  }

  /** A line that is complete, such as one of metrics. */
  void print(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length); // at once, so that lines of two threads stay whole
    out.flush();
  }

  private ObjectNode start(Level severity) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("timestamp", now.get().truncatedTo(ChronoUnit.MILLIS).toString())
        .put("level", severity.name());
  }

  private void putRun(ObjectNode json) {
    if (runId != null) {
      json.put("runId", runId);
    }
  }

  private static String stackTrace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** Takes over SLF4J, which must not have been used yet, and returns the log behind it. */
  static FunctionLog install() {
    System.setProperty("slf4j.internal.verbosity", "WARN"); // else it says that it found the next
    System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, Provider.class.getName());
    if (LoggerFactory.getILoggerFactory() instanceof Factory installed) {
      return installed.log;
    }
    throw new IllegalStateException(
        "Another logging library took SLF4J first: %s; leave it out of the function's zip"
            .formatted(LoggerFactory.getILoggerFactory().getClass().getName()));
  }

  /** Makes SLF4J write to the {@link FunctionLog}. Public for SLF4J only. */
  public static final class Provider implements SLF4JServiceProvider {
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new NOPMDCAdapter();
    private final Factory factory = new Factory(new FunctionLog(System.out, Instant::now));

    @Override
    public ILoggerFactory getLoggerFactory() {
      return factory;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
      return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
      return context;
    }

    @Override
    public String getRequestedApiVersion() {
      return "2.0.99";
    }

    @Override
    public void initialize() {
      // Everything is made with the provider.
    }
  }

  private static final class Factory implements ILoggerFactory {
    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();
    private final FunctionLog log;

    Factory(FunctionLog log) {
      this.log = log;
    }

    @Override
    public Logger getLogger(String name) {
      return loggers.computeIfAbsent(name, wanted -> new LineLogger(wanted, log));
    }
  }

  /** Writes what the code logs to the {@link FunctionLog}. */
  private static final class LineLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    private final transient FunctionLog log;

    LineLogger(String name, FunctionLog log) {
      this.name = name;
      this.log = log;
    }

    @Override
    public boolean isTraceEnabled() {
      return log.isEnabled(name, Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
      return log.isEnabled(name, Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
      return log.isEnabled(name, Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
      return log.isEnabled(name, Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
      return log.isEnabled(name, Level.ERROR);
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level,
        @Nullable Marker marker,
        String messagePattern,
        Object @Nullable [] arguments,
        @Nullable Throwable thrown) {
      log.line(name, level, MessageFormatter.basicArrayFormat(messagePattern, arguments), thrown);
    }

    @Override
    protected String getFullyQualifiedCallerName() {
      return LineLogger.class.getName();
    }
  }
}
