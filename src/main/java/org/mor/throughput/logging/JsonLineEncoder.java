package org.mor.throughput.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import org.jspecify.annotations.Nullable;

/** A JSON object a line, with the field names that AWS Lambda reads: timestamp, level, message. */
final class JsonLineEncoder extends LineEncoder {
  JsonLineEncoder(Redactor redactor) {
    super(redactor);
  }

  @Override
  String line(ILoggingEvent event) {
    StringBuilder json = new StringBuilder(256).append('{');
    field(json, "timestamp", timestamp(event));
    field(json, "level", event.getLevel().toString());
    field(json, "logger", event.getLoggerName());
    field(json, "message", message(event));
    field(json, Logging.RUN_ID, event.getMDCPropertyMap().get(Logging.RUN_ID));
    field(json, "exception", stackTrace(event));
    return json.append("}\n").toString();
  }

  private static void field(StringBuilder json, String name, @Nullable String value) {
    if (value != null) {
      json.append(json.length() > 1 ? ",\"" : "\"").append(name).append("\":\"");
      JsonStringEncoder.getInstance().quoteAsString(value, json);
      json.append('"');
    }
  }
}
