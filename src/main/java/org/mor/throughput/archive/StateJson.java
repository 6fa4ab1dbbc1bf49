package org.mor.throughput.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Function;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectKey;

/**
 * State objects as strict, bounded JSON. Readers throw IllegalArgumentException for bad content.
 */
final class StateJson {
  /** The largest state object read or written, in bytes. */
  static final int MAX_BYTES = 8 << 20;

  static final String VERSION = "version";

  /** Counts the rewinds, in every object that a rewind concerns. */
  static final String GENERATION = "generation";

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(MAX_BYTES)
                          .maxNestingDepth(8)
                          .maxNumberLength(80)
                          .maxStringLength(64 << 10)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StateJson() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static ObjectNode object(int version) {
    return object().put(VERSION, version);
  }

  static byte[] encode(ObjectKey key, ObjectNode node) {
    try {
      byte[] json = MAPPER.writeValueAsBytes(node);
      if (json.length > MAX_BYTES) {
        throw new IllegalStateException(
            "Writing %s: %d bytes are more than the %d that can be read back"
                .formatted(key, json.length, MAX_BYTES));
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("Encoding " + key, e);
    }
  }

  /** Whatever is wrong with the content becomes a corrupt object. */
  static <T> T decode(ObjectKey key, byte[] body, Function<ObjectNode, T> read) {
    try {
      if (body.length > MAX_BYTES) {
        throw new IllegalArgumentException(body.length + " bytes are more than " + MAX_BYTES);
      }
      if (MAPPER.readTree(body) instanceof ObjectNode object) {
        return read.apply(object);
      }
      throw new IllegalArgumentException("not a JSON object");
    } catch (JsonProcessingException e) {
      throw corrupt(key, e.getOriginalMessage(), e);
    } catch (IllegalArgumentException | IOException e) {
      // Bytes in memory fail to be read only where they are no text.
      throw corrupt(key, String.valueOf(e.getMessage()), e);
    }
  }

  private static CorruptObjectException corrupt(ObjectKey key, String what, Exception cause) {
    return new CorruptObjectException(
        "Reading %s: %s. It was not written over; restore an older version of it."
            .formatted(key, what),
        cause);
  }

  /** The version, which is between the oldest and the newest that this program knows. */
  static int requireVersion(ObjectNode object, int oldest, int newest) {
    long version = whole(object, VERSION);
    if (version < oldest || version > newest) {
      throw new IllegalArgumentException(
          "\"version\" is %d, this program knows %d: a newer program may have written it"
              .formatted(version, newest));
    }
    return (int) version;
  }

  static long whole(JsonNode object, String name) {
    JsonNode value = object.path(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException("\"%s\" is not a whole number".formatted(name));
    }
    return value.longValue();
  }

  /** How often the store had been rewound; 0 where it does not say. */
  static int generation(JsonNode object) {
    long generation = object.has(GENERATION) ? whole(object, GENERATION) : 0;
    if (generation < 0 || generation > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("\"%s\" is %d".formatted(GENERATION, generation));
    }
    return (int) generation;
  }

  static String text(JsonNode object, String name) {
    JsonNode value = object.path(name);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("\"%s\" is not a text".formatted(name));
    }
    return value.textValue();
  }

  static Hash32 hash(JsonNode object, String name) {
    return Hash32.fromHex(text(object, name));
  }

  static JsonNode array(JsonNode object, String name) {
    JsonNode value = object.path(name);
    if (!value.isArray()) {
      throw new IllegalArgumentException("\"%s\" is not an array".formatted(name));
    }
    return value;
  }

  /** A number without a fraction that a long holds; otherwise the message says what it is not. */
  static long item(JsonNode value, String otherwise) {
    if (!value.canConvertToExactIntegral() || !value.canConvertToLong()) {
      throw new IllegalArgumentException(otherwise);
    }
    return value.longValue();
  }
}
