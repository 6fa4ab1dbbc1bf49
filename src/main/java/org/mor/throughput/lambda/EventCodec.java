package org.mor.throughput.lambda;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads an event of EventBridge, of a rule or of the Scheduler. By hand, because the runtime's
 * mapper refuses a Scheduler's {@code detail}, which is a string, and would need Joda-Time.
 */
final class EventCodec {
  /** What an event has; nothing of it is a wish. */
  static final Set<String> KEYS =
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

  private EventCodec() {}

  /**
   * The event without its time and detail, absent texts empty; empty when the payload does not name
   * both source and type.
   */
  static Optional<ScheduledEvent> decode(ObjectNode payload) {
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
