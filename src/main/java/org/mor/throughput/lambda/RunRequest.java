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
import org.mor.throughput.index.ScheduledRun.Publishing;

/**
 * What an invocation asks for.
 *
 * @param forceRollup publish even when nothing is new
 * @param skipRollup publish nothing
 * @param maxBlocks new blocks to scan at most; empty for the configured number
 * @param event what EventBridge says of itself, without its time; empty when somebody invoked by
 *     hand
 * @param unknownKeys keys of the payload that mean nothing here
 * @param job one step of a backfill instead of a scheduled run; nothing else is asked for then
 */
record RunRequest(
    boolean forceRollup,
    boolean skipRollup,
    OptionalLong maxBlocks,
    Optional<ScheduledEvent> event,
    List<String> unknownKeys,
    Optional<Job> job) {
  private static final String FORCE_ROLLUP = "force_rollup";
  private static final String SKIP_ROLLUP = "skip_rollup";
  private static final String MAX_BLOCKS = "max_blocks";
  private static final long MOST_BLOCKS = 100_000_000;
  private static final JsonMapper JSON = new JsonMapper();

  /** The fields of an event; none of them changes the run. */
  private static final Set<String> EVENT_KEYS =
      Set.of(
          "version",
          "id",
          "detail-type",
          "source",
          "account",
          "time",
          "region",
          "resources",
          "detail");

  private static final Set<String> SCHEDULES = Set.of("aws.scheduler", "aws.events");
  private static final String SCHEDULED = "Scheduled Event";

  RunRequest {
    unknownKeys = List.copyOf(unknownKeys);
    if (forceRollup && skipRollup) {
      throw new BadRequestException(
          "The payload asks for force_rollup and for skip_rollup; next: leave one of them out");
    }
  }

  Publishing publishing() {
    if (skipRollup) {
      return Publishing.NEVER;
    }
    return forceRollup ? Publishing.ALWAYS : Publishing.WHEN_NEW;
  }

  /**
   * Reads the payload of an invocation: a schedule's event, or an operator's wishes. An empty one
   * asks for nothing in particular.
   *
   * @throws BadRequestException for what is no JSON object, and for a value of the wrong type
   */
  static RunRequest decode(byte[] payload) throws IOException {
    JsonNode root = tree(payload);
    if (root.isMissingNode() || root.isNull()) {
      return of(Optional.empty());
    }
    if (!(root instanceof ObjectNode object)) {
      throw new BadRequestException(
          "The payload is %s, not a JSON object; next: give an object such as {\"force_rollup\":true}"
              .formatted(name(root)));
    }
    Optional<Job> job = Job.decode(object);
    if (job.isPresent()) {
      return of(job);
    }
    Optional<ScheduledEvent> event = event(object);
    Set<String> known = new HashSet<>(Set.of(FORCE_ROLLUP, SKIP_ROLLUP, MAX_BLOCKS));
    if (event.isPresent()) {
      known.addAll(EVENT_KEYS);
    }
    List<String> unknown = new ArrayList<>();
    object.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(known);
    return new RunRequest(
        flag(object, FORCE_ROLLUP), flag(object, SKIP_ROLLUP), blocks(object), event, unknown, job);
  }

  private static RunRequest of(Optional<Job> job) {
    return new RunRequest(false, false, OptionalLong.empty(), Optional.empty(), List.of(), job);
  }

  private static JsonNode tree(byte[] payload) throws IOException {
    try {
      return JSON.readTree(payload);
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
    return value.isMissingNode()
        ? OptionalLong.empty()
        : OptionalLong.of(whole(MAX_BLOCKS, value, 1, MOST_BLOCKS));
  }

  static long whole(String key, JsonNode value, long least, long most) {
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < least
        || value.longValue() > most) {
      throw wrong(key, value, "a whole number from %d to %d".formatted(least, most));
    }
    return value.longValue();
  }

  /** Says the type of what was given, and a number's value, but repeats no text. */
  static BadRequestException wrong(String key, JsonNode value, String accepted) {
    String given = value.isNumber() ? value.asText() : name(value);
    return new BadRequestException(
        "The payload's %s is %s; next: give %s".formatted(key, given, accepted));
  }

  private static String name(JsonNode node) {
    String type = node.getNodeType().toString().toLowerCase(Locale.ROOT);
    return (node.getNodeType() == JsonNodeType.ARRAY ? "an " : "a ") + type;
  }

  /**
   * Reads an event of EventBridge, of a rule or of the Scheduler. By hand, because the runtime's
   * mapper refuses a Scheduler's {@code detail}, which is a string, and would need Joda-Time.
   *
   * @return the event without its time and detail, absent texts empty; empty when the payload does
   *     not name both source and type.
   */
  private static Optional<ScheduledEvent> event(ObjectNode payload) {
    if (!payload.path("source").isTextual() || !payload.path("detail-type").isTextual()) {
      return Optional.empty();
    }
    List<String> resources = new ArrayList<>();
    payload.path("resources").forEach(resource -> resources.add(resource.asText()));
    return Optional.of(
        new ScheduledEvent()
            .withVersion(text(payload, "version"))
            .withId(text(payload, "id"))
            .withDetailType(text(payload, "detail-type"))
            .withSource(text(payload, "source"))
            .withAccount(text(payload, "account"))
            .withRegion(text(payload, "region"))
            .withResources(resources));
  }

  static boolean isOfASchedule(ScheduledEvent event) {
    return SCHEDULES.contains(event.getSource()) && SCHEDULED.equals(event.getDetailType());
  }

  private static String text(ObjectNode payload, String key) {
    JsonNode value = payload.path(key);
    return value.isTextual() ? value.textValue() : "";
  }
}
