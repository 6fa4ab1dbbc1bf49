package org.mor.throughput.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is answered besides the streams. */
final class Answers {
  private static final long STALE_MILLIS = 60_000;

  /** A chain whose newest block is so old stands still, or its endpoint does. */
  private static final long OLD_SECONDS = 300;

  private final LiveServer.Parts parts;
  private final Hub hub;
  private final LiveServer server;

  record Answer(int status, JsonNode json) {}

  Answers(LiveServer.Parts parts, Hub hub, LiveServer server) {
    this.parts = parts;
    this.hub = hub;
    this.server = server;
  }

  /** The answer to a path; empty where the path is none of the stream's. */
  Optional<Answer> to(String path) {
    return switch (path) {
      case "/health" -> Optional.of(health());
      case "/v1/status" -> Optional.of(new Answer(200, status()));
      case "/v1/tps" -> Optional.of(part("throughput"));
      case "/v1/contention" -> Optional.of(part("contention"));
      case "/v1/lifecycle" -> Optional.of(part("lifecycle"));
      default -> Optional.empty();
    };
  }

  private Answer part(String name) {
    JsonNode part = snapshot().path(name);
    return part.isObject()
        ? new Answer(200, part)
        : new Answer(503, Hub.control("error").put("message", "the chain was not read yet"));
  }

  /** What a client needs that begins here: figures, and blocks that are not final. */
  ObjectNode snapshot() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    server
        .view()
        .ifPresent(
            view -> {
              json.set("throughput", view.throughput());
              json.set("contention", view.contention());
              json.set("lifecycle", view.lifecycle());
            });
    return json;
  }

  private Answer health() {
    Optional<String> why = stale();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("status", why.isEmpty() ? "ok" : "stale");
    why.ifPresent(reason -> json.put("reason", clean(reason)));
    return new Answer(why.isEmpty() ? 200 : 503, json);
  }

  /** Why what is sent may be old; empty while it is not. */
  private Optional<String> stale() {
    long silent = parts.millis().getAsLong() - server.steppedAt();
    if (!server.isAlive()) {
      return Optional.of("a part of the server ended by a fault, see its log: restart it");
    }
    if (server.view().isEmpty()
        || silent > Math.max(STALE_MILLIS, 3 * parts.config().pollMillis())) {
      String why = server.trouble();
      return Optional.of(
          "the chain was not read for %d s%s"
              .formatted(silent / 1_000, why == null ? "" : ": " + why));
    }
    return age() > OLD_SECONDS
        ? Optional.of("the newest block is %d s old".formatted(age()))
        : Optional.empty();
  }

  private long age() {
    long now = parts.unixSeconds().getAsLong();
    return server.view().map(view -> now - view.number("head_time")).orElse(0L);
  }

  private ObjectNode status() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("network", parts.settings().network());
    json.put("diamond", parts.settings().diamond().address().toHex());
    json.put("oldest_seqno", hub.ring().oldest()).put("newest_seqno", hub.ring().newest());
    server
        .view()
        .ifPresent(
            view -> {
              json.setAll(view.lifecycle());
              json.remove("blocks");
              json.put("stages_by", view.stagesBy());
              json.put("lag_seconds", Math.max(0, age()));
            });
    json.put("clients", hub.clients()).put("dropped", hub.dropped());
    String polling = server.polling();
    json.put("source", polling == null ? "subscription" : "polling");
    json.put("source_reason", polling).put("trouble", clean(server.trouble()));
    return json;
  }

  private @Nullable String clean(@Nullable String text) {
    return text == null ? null : parts.redactor().redactAnswer(text, 500);
  }
}
