package org.mor.throughput.publish;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.store.ObjectKey;

/** What all documents have in common: the head, and how times and numbers are written. */
final class DocumentCodec {
  private static final JsonFactory JSON = new JsonFactory();

  private DocumentCodec() {}

  /** Writes what follows the head. */
  @FunctionalInterface
  interface Content {
    void write(JsonGenerator json) throws IOException;
  }

  static Document write(ObjectKey key, DocumentHead head, Content content) {
    return new Document(
        key,
        bytes(
            head.network(),
            head.diamond(),
            json -> {
              json.writeNumberField("asOfBlock", head.asOf().block());
              time(json, "asOfTime", Instant.ofEpochSecond(head.asOf().time()));
              time(json, "generatedAt", head.generatedAt());
              if (head.asOf().generation() > 0) {
                json.writeNumberField("generation", head.asOf().generation());
              }
              content.write(json);
            }));
  }

  /** A document that speaks of no moment, since what it says never changes. */
  static byte[] bytes(String network, Address diamond, Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
      json.writeStartObject();
      json.writeNumberField("schemaVersion", DocumentHead.SCHEMA_VERSION);
      json.writeStringField("network", network);
      json.writeStringField("diamond", diamond.toHex());
      content.write(json);
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("Writing a document to memory", e);
    }
    return bytes.toByteArray();
  }

  /** ISO 8601 in UTC, whole seconds. */
  static void time(JsonGenerator json, String name, Instant time) throws IOException {
    json.writeStringField(name, time.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** Unix seconds as ISO 8601, or null. */
  static void time(JsonGenerator json, String name, OptionalLong time) throws IOException {
    if (time.isPresent()) {
      time(json, name, Instant.ofEpochSecond(time.getAsLong()));
    } else {
      json.writeNullField(name);
    }
  }

  /** Plain decimal without an exponent or trailing zeros, or null. */
  static void number(JsonGenerator json, String name, @Nullable BigDecimal value)
      throws IOException {
    json.writeFieldName(name);
    if (value == null) {
      json.writeNull();
    } else {
      json.writeNumber(value.stripTrailingZeros().toPlainString());
    }
  }

  static void number(JsonGenerator json, String name, @Nullable Long value) throws IOException {
    number(json, name, value == null ? null : BigDecimal.valueOf(value));
  }
}
