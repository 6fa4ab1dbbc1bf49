package org.mor.throughput.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * What Logback finds when it starts, before the configuration is read: text, warnings and errors.
 * Public for the service loader only.
 */
public final class FirstLines extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext loggerContext) {
    Logging.install(loggerContext, LogFormat.TEXT, LogLevel.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
