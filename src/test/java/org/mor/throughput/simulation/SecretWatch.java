package org.mor.throughput.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.mor.throughput.adapter.rpc.PlayedEndpoints;
import org.slf4j.LoggerFactory;

/**
 * Takes the log instead of the console while it is open, and looks for the endpoints' key in it.
 */
final class SecretWatch extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("org.mor.throughput");
  private final Level before = logger.getLevel();
  private final List<String> leaks = new CopyOnWriteArrayList<>();

  SecretWatch() {
    setContext((LoggerContext) LoggerFactory.getILoggerFactory());
    start();
    logger.setAdditive(false);
    logger.addAppender(this);
  }

  List<String> leaks() {
    return leaks;
  }

  @Override
  protected void append(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    if (message.contains(PlayedEndpoints.KEY)) {
      leaks.add(message);
    }
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setAdditive(true);
    logger.setLevel(before);
    stop();
  }
}
