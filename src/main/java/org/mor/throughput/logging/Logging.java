package org.mor.throughput.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.mor.throughput.base.Redactor;
import org.slf4j.LoggerFactory;

/** Switches the process's log to a format and a level. */
public final class Logging {
  /** The key of the logging context (MDC) that names the run a line belongs to. */
  public static final String RUN_ID = "runId";

  private static final String REDACTOR = "redactor";
  private static final Redactor ELSEWHERE = new Redactor();
  static final String PROJECT = "org.mor.throughput";

  private Logging() {}

  /**
   * From now on every line goes to standard error in this format, from this level on. Where the
   * process logs by other means than Logback, as on a cluster, it stays as it is.
   */
  public static void use(LogFormat format, LogLevel level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      install(context, format, level);
    }
  }

  /** Nothing more is heard of libraries whose errors come as exceptions too. */
  public static void quiet(String... names) {
    for (String name : names) {
      level(name, Level.OFF);
    }
  }

  /** The warnings of one part of a library are heard all the same. */
  public static void warnings(String name) {
    level(name, Level.WARN);
  }

  private static void level(String name, Level level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(name).setLevel(level);
    }
  }

  /** Where secrets are registered that no line may hold; one for the whole process. */
  public static Redactor redactor() {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        ? redactor(context)
        : ELSEWHERE;
  }

  static void install(LoggerContext context, LogFormat format, LogLevel level) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder(context, format));
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.setLevel(level == LogLevel.ERROR ? Level.ERROR : Level.WARN);
    context.getLogger(PROJECT).setLevel(Level.toLevel(level.name()));
    root.addAppender(appender);
  }

  private static LineEncoder encoder(LoggerContext context, LogFormat format) {
    LineEncoder encoder = new LineEncoder(format, redactor(context));
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  private static Redactor redactor(LoggerContext context) {
    synchronized (context) {
      if (context.getObject(REDACTOR) instanceof Redactor redactor) {
        return redactor;
      }
      Redactor redactor = new Redactor();
      context.putObject(REDACTOR, redactor);
      return redactor;
    }
  }

  /**
   * What Logback finds when it starts, before the configuration is read: text, warnings and errors.
   * Public for the service loader only.
   */
  public static final class FirstLines extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext loggerContext) {
      install(loggerContext, LogFormat.TEXT, LogLevel.WARN);
      return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
  }
}
