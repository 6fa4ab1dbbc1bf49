package org.mor.throughput.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;

/** A JSON object a line, with the field names that AWS Lambda reads: timestamp, level, message. */
final class JsonLineEncoder extends LineEncoder {
  JsonLineEncoder(Redactor redactor) {
    super(redactor);
  }

  @Override
  String line(ILoggingEvent event) {
    return new JsonLine()
            .field("timestamp", timestamp(event))
            .field("level", event.getLevel().toString())
            .field("logger", event.getLoggerName())
            .field("message", message(event))
            .field(Logging.RUN_ID, event.getMDCPropertyMap().get(Logging.RUN_ID))
            .field("exception", stackTrace(event))
        + "\n";
  }
}
