package org.mor.throughput.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mor.throughput.base.Redactor;

class LineEncoderTest {
  private static final String CANARY = "canaryCANARYcanary0123";
  private static final String URL = "https://base.example.com/v2/" + CANARY;

  private final LoggerContext context = new LoggerContext();
  private final Redactor redactor = new Redactor();

  @Test
  void aJsonLineHasLevelTimestampMessageLoggerAndRun() throws IOException {
    JsonNode line =
        new ObjectMapper().readTree(json(event("3 rows, \"quoted\"\nand broken", null)));
    assertThat(line.get("timestamp").textValue()).isEqualTo("2026-04-21T13:00:00.123Z");
    assertThat(line.get("level").textValue()).isEqualTo("WARN");
    assertThat(line.get("message").textValue()).isEqualTo("3 rows, \"quoted\" and broken");
    assertThat(line.get("logger").textValue()).isEqualTo("org.mor.throughput.index.Backfill");
    assertThat(line.get("runId").textValue()).isEqualTo("run-7");
    assertThat(line.has("exception")).isFalse();
  }

  @Test
  void aTextLineIsShort() {
    assertThat(text(event("3 rows", null)))
        .isEqualTo("2026-04-21T13:00:00.123Z WARN  index.Backfill - 3 rows%n".formatted());
  }

  @Test
  void noLineHoldsASecretOfAMessageACauseOrASuppressedOne() {
    redactor.addUrl(URL);
    IllegalStateException thrown =
        new IllegalStateException("POST " + URL, new IOException("/v2/" + CANARY));
    thrown.addSuppressed(new IOException(CANARY));
    LoggingEvent event = event("calling " + URL, thrown);
    assertThat(text(event))
        .doesNotContain(CANARY)
        .contains(
            "calling ***", "POST ***", "Caused by: java.io.IOException: /v2/***", "Suppressed");
    assertThat(json(event))
        .doesNotContain(CANARY)
        .contains("calling ***", "POST ***")
        .endsWith("}\n");
  }

  private String text(LoggingEvent event) {
    return encoded(new LineEncoder(LogFormat.TEXT, redactor), event);
  }

  private String json(LoggingEvent event) {
    return encoded(new LineEncoder(LogFormat.JSON, redactor), event);
  }

  private static String encoded(LineEncoder encoder, LoggingEvent event) {
    encoder.start();
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }

  private LoggingEvent event(String message, @Nullable Throwable thrown) {
    LoggingEvent event =
        new LoggingEvent(
            "",
            context.getLogger("org.mor.throughput.index.Backfill"),
            Level.WARN,
            message,
            thrown,
            null);
    event.setInstant(Instant.parse("2026-04-21T13:00:00.123Z"));
    event.setMDCPropertyMap(Map.of("runId", "run-7"));
    return event;
  }
}
