package org.mor.throughput.publish;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.store.ObjectKey;

/** Writes one document: the head that all have in common, and how times and numbers look. */
final class DocumentCodec {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonGenerator json;

  private DocumentCodec(JsonGenerator json) {
    this.json = json;
  }

  /** A step of writing. */
  private interface Step {
    void run() throws IOException;
  }

  /** A document with its head; {@code content} writes what follows. */
  static Document write(ObjectKey key, DocumentHead head, Consumer<DocumentCodec> content) {
    byte[] body =
        bytes(
            head.network(),
            head.diamond(),
            json -> {
              json.number("asOfBlock", head.asOf().block());
              json.time("asOfTime", head.asOf().time());
              json.time("generatedAt", head.generatedAt());
              if (head.asOf().generation() > 0) {
                json.number("generation", head.asOf().generation());
              }
              content.accept(json);
            });
    return new Document(key, body);
  }

  /** A document that speaks of no moment, since what it says never changes. */
  static byte[] bytes(String network, Address diamond, Consumer<DocumentCodec> content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    step(
        () -> {
          try (JsonGenerator generator = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            DocumentCodec json = new DocumentCodec(generator);
            generator.writeStartObject();
            json.number("schemaVersion", DocumentHead.SCHEMA_VERSION);
            json.text("network", network);
            json.text("diamond", diamond.toHex());
            content.accept(json);
            generator.writeEndObject();
            generator.writeRaw('\n');
          }
        });
    return bytes.toByteArray();
  }

  private static void step(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing a document to memory", e);
    }
  }

  void text(String name, @Nullable String value) {
    step(() -> json.writeStringField(name, value));
  }

  void flag(String name, boolean value) {
    step(() -> json.writeBooleanField(name, value));
  }

  void number(String name, long value) {
    step(() -> json.writeNumberField(name, value));
  }

  /** Null where the value is. */
  void number(String name, @Nullable Long value) {
    number(name, value == null ? null : BigDecimal.valueOf(value));
  }

  void number(String name, BigInteger value) {
    number(name, new BigDecimal(value));
  }

  /** Plain decimal without an exponent or trailing zeros, or null. */
  void number(String name, @Nullable BigDecimal value) {
    step(() -> json.writeFieldName(name));
    number(value);
  }

  private void number(@Nullable BigDecimal value) {
    step(
        () -> {
          if (value == null) {
            json.writeNull();
          } else {
            json.writeNumber(value.stripTrailingZeros().toPlainString());
          }
        });
  }

  /** ISO 8601 in UTC, whole seconds. */
  void time(String name, Instant time) {
    text(name, time.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** Unix seconds as ISO 8601. */
  void time(String name, long unixSeconds) {
    time(name, Instant.ofEpochSecond(unixSeconds));
  }

  /** Unix seconds as ISO 8601, or null. */
  void time(String name, OptionalLong unixSeconds) {
    time(name, unixSeconds.isPresent() ? (Long) unixSeconds.getAsLong() : null);
  }

  /** Unix seconds as ISO 8601, or null. */
  void time(String name, @Nullable Long unixSeconds) {
    text(name, unixSeconds == null ? null : Instant.ofEpochSecond(unixSeconds).toString());
  }

  /** An object; {@code fields} writes what is in it. */
  void object(String name, Runnable fields) {
    step(
        () -> {
          json.writeObjectFieldStart(name);
          fields.run();
          json.writeEndObject();
        });
  }

  /** An object for each element; {@code fields} writes what is in it. */
  <T> void objects(String name, Iterable<T> elements, Consumer<T> fields) {
    array(
        name,
        elements,
        element -> {
          step(json::writeStartObject);
          fields.accept(element);
          step(json::writeEndObject);
        });
  }

  /** A text for each element. */
  <T> void texts(String name, Iterable<T> elements, Function<T, String> text) {
    array(name, elements, element -> step(() -> json.writeString(text.apply(element))));
  }

  /** A decimal, or null, for each element. */
  <T> void decimals(String name, List<T> elements, Function<T, @Nullable BigDecimal> value) {
    array(name, elements, element -> number(value.apply(element)));
  }

  private <T> void array(String name, Iterable<T> elements, Consumer<T> write) {
    step(() -> json.writeArrayFieldStart(name));
    elements.forEach(write);
    step(json::writeEndArray);
  }

  void numbers(String name, int[] values) {
    step(() -> json.writeFieldName(name));
    step(() -> json.writeArray(values, 0, values.length));
  }

  void numbers(String name, long[] values) {
    step(() -> json.writeFieldName(name));
    step(() -> json.writeArray(values, 0, values.length));
  }
}
