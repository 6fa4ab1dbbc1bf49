package org.mor.throughput.lambda;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Writes what the code logs to the {@link FunctionLog}. */
final class FunctionLogger extends LegacyAbstractLogger {
  private static final long serialVersionUID = 1L;

  private final transient FunctionLog log;

  FunctionLogger(String name, FunctionLog log) {
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
    return FunctionLogger.class.getName();
  }
}
