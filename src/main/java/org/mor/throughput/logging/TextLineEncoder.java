package org.mor.throughput.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;

/** A line for people. */
final class TextLineEncoder extends LineEncoder {
  private static final String PROJECT = "org.mor.throughput.";

  TextLineEncoder(Redactor redactor) {
    super(redactor);
  }

  @Override
  String line(ILoggingEvent event) {
    String logger = event.getLoggerName();
    String stackTrace = stackTrace(event);
    return "%s %-5s %s - %s%n%s"
        .formatted(
            timestamp(event),
            event.getLevel(),
            logger.startsWith(PROJECT) ? logger.substring(PROJECT.length()) : logger,
            message(event),
            stackTrace == null ? "" : stackTrace);
  }
}
