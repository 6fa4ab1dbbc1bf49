package org.mor.throughput.logging;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.base.TerminalText;

/** Turns an event into one line of the chosen format, without secrets. */
final class LineEncoder extends EncoderBase<ILoggingEvent> {
  private static final DateTimeFormatter RFC_3339 =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final ThrowableProxyConverter stackTraces = new ThrowableProxyConverter();
  private final LogFormat format;
  private final Redactor redactor;

  LineEncoder(LogFormat format, Redactor redactor) {
    this.format = format;
    this.redactor = redactor;
  }

  @Override
  public void start() {
    stackTraces.start();
    super.start();
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    String time = RFC_3339.format(event.getInstant());
    String message = TerminalText.clean(redactor.redact(event.getFormattedMessage()));
    Optional<String> stackTrace =
        Optional.ofNullable(event.getThrowableProxy())
            .map(thrown -> TerminalText.cleanLines(redactor.redact(stackTraces.convert(event))));
    String line =
        switch (format) {
          case TEXT -> text(time, event, message, stackTrace);
          case JSON -> json(time, event, message, stackTrace);
        };
    return line.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(
      String time, ILoggingEvent event, String message, Optional<String> stackTrace) {
    String logger = event.getLoggerName();
    String prefix = Logging.PROJECT + ".";
    return "%s %-5s %s - %s%n%s"
        .formatted(
            time,
            event.getLevel(),
            logger.startsWith(prefix) ? logger.substring(prefix.length()) : logger,
            message,
            stackTrace.orElse(""));
  }

  /** With the field names that AWS Lambda reads: timestamp, level, message. */
  private static String json(
      String time, ILoggingEvent event, String message, Optional<String> stackTrace) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("timestamp", time)
            .put("level", event.getLevel().toString())
            .put("logger", event.getLoggerName())
            .put("message", message);
    @Nullable String run = event.getMDCPropertyMap().get(Logging.RUN_ID);
    if (run != null) {
      json.put(Logging.RUN_ID, run);
    }
    stackTrace.ifPresent(trace -> json.put("exception", trace));
    return json + "\n";
  }

  @Override
  public byte @Nullable [] headerBytes() {
    return null;
  }

  @Override
  public byte @Nullable [] footerBytes() {
    return null;
  }
}
