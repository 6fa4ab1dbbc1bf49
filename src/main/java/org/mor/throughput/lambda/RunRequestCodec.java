package org.mor.throughput.lambda;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.mor.throughput.index.BadRequestException;

/** Reads the payload of an invocation: a schedule's event, or an operator's wishes. */
final class RunRequestCodec {
  private static final String FORCE_ROLLUP = "force_rollup";
  private static final String SKIP_ROLLUP = "skip_rollup";
  private static final String MAX_BLOCKS = "max_blocks";
  private static final long MOST_BLOCKS = 100_000_000;

  private final JsonMapper json = new JsonMapper();

  /**
   * An empty payload asks for nothing in particular.
   *
   * @throws BadRequestException for what is no JSON object, and for a value of the wrong type
   */
  RunRequest decode(byte[] payload) throws IOException {
    JsonNode root = tree(payload);
    if (root.isMissingNode() || root.isNull()) {
      return new RunRequest(false, false, OptionalLong.empty(), Optional.empty(), List.of());
    }
    if (!(root instanceof ObjectNode object)) {
      throw new BadRequestException(
          "The payload is %s, not a JSON object; next: give an object such as {\"force_rollup\":true}"
              .formatted(name(root)));
    }
    Optional<ScheduledEvent> event = EventCodec.decode(object);
    Set<String> known = new HashSet<>(Set.of(FORCE_ROLLUP, SKIP_ROLLUP, MAX_BLOCKS));
    if (event.isPresent()) {
      known.addAll(EventCodec.KEYS); // nothing of them is a wish
    }
    List<String> unknown = new ArrayList<>();
    object.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(known);
    return new RunRequest(
        flag(object, FORCE_ROLLUP), flag(object, SKIP_ROLLUP), blocks(object), event, unknown);
  }

  private JsonNode tree(byte[] payload) throws IOException {
    try {
      return json.readTree(payload);
    } catch (JsonProcessingException e) {
      throw new BadRequestException(
          "The payload is not JSON (line %d, column %d); next: give an object such as {\"force_rollup\":true}"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    }
  }

  private static boolean flag(ObjectNode object, String key) {
    JsonNode value = object.path(key);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw wrong(key, value, "true or false");
    }
    return value.booleanValue();
  }

  private static OptionalLong blocks(ObjectNode object) {
    JsonNode value = object.path(MAX_BLOCKS);
    if (value.isMissingNode()) {
      return OptionalLong.empty();
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < 1
        || value.longValue() > MOST_BLOCKS) {
      throw wrong(MAX_BLOCKS, value, "a whole number from 1 to " + MOST_BLOCKS);
    }
    return OptionalLong.of(value.longValue());
  }

  /** Says the type of what was given, and a number's value, but repeats no text. */
  private static BadRequestException wrong(String key, JsonNode value, String accepted) {
    String given = value.isNumber() ? value.asText() : name(value);
    return new BadRequestException(
        "The payload's %s is %s; next: give %s".formatted(key, given, accepted));
  }

  private static String name(JsonNode node) {
    String type = node.getNodeType().toString().toLowerCase(Locale.ROOT);
    return (node.getNodeType() == JsonNodeType.ARRAY ? "an " : "a ") + type;
  }
}
