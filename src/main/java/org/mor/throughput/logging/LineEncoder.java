package org.mor.throughput.logging;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Turns an event into one redacted line; the subtypes say how it looks. */
abstract class LineEncoder extends EncoderBase<ILoggingEvent> {
  private static final DateTimeFormatter RFC_3339 =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final ThrowableProxyConverter stackTraces = new ThrowableProxyConverter();
  private final Redactor redactor;

  LineEncoder(Redactor redactor) {
    this.redactor = redactor;
  }

  @Override
  public void start() {
    stackTraces.start();
    super.start();
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    return line(event).getBytes(StandardCharsets.UTF_8);
  }

  abstract String line(ILoggingEvent event);

  static String timestamp(ILoggingEvent event) {
    return RFC_3339.format(event.getInstant());
  }

  /** The formatted message on one line, without secrets. */
  String message(ILoggingEvent event) {
    return TerminalText.clean(redactor.redact(event.getFormattedMessage()));
  }

  /** The stack trace with all its causes, without secrets; null when nothing was thrown. */
  @Nullable String stackTrace(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    return thrown == null
        ? null
        : TerminalText.cleanLines(redactor.redact(stackTraces.convert(event)));
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
