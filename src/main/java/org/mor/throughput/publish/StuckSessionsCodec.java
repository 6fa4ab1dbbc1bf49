package org.mor.throughput.publish;

import static org.mor.throughput.publish.DocumentCodec.number;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;
import org.mor.throughput.rollup.Metrics;
import org.mor.throughput.rollup.StuckSessions;
import org.mor.throughput.rollup.StuckSessions.StuckProvider;

/** Sessions that nobody closed; no session and no user is named. */
final class StuckSessionsCodec {
  private static final ObjectMapper JSON = new ObjectMapper();

  private StuckSessionsCodec() {}

  static Document encode(DocumentHead head, StuckSessions stuck) {
    return DocumentCodec.write(DocumentKeys.STUCK_SESSIONS, head, json -> write(json, stuck));
  }

  private static void write(JsonGenerator json, StuckSessions stuck) throws IOException {
    json.writeNumberField("stuckExpired", stuck.stuckExpired());
    number(json, "morLocked", Metrics.mor(stuck.morLocked().value()));
    json.writeObjectFieldStart("byAge");
    json.writeNumberField("under1h", stuck.byAge().under1h());
    json.writeNumberField("from1hTo24h", stuck.byAge().from1hTo24h());
    json.writeNumberField("over24h", stuck.byAge().over24h());
    json.writeEndObject();
    json.writeArrayFieldStart("topProviders");
    for (StuckProvider one : stuck.topProviders()) {
      json.writeStartObject();
      json.writeStringField("provider", one.provider().toHex());
      json.writeNumberField("count", one.count());
      number(json, "morLocked", Metrics.mor(one.morLocked().value()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("openActive", stuck.openActive());
    json.writeNumberField("closedWithoutEvent", stuck.closedWithoutEvent().size());
  }

  /** What a stored document says; empty when it cannot be read: it is made again. */
  static Optional<PublishedStuck> decode(byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      return json.path("asOfBlock").isIntegralNumber()
              && json.path("stuckExpired").isIntegralNumber()
              && json.path("closedWithoutEvent").isIntegralNumber()
          ? Optional.of(
              new PublishedStuck(
                  json.get("asOfBlock").asLong(),
                  json.get("stuckExpired").asLong(),
                  json.get("closedWithoutEvent").asLong()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
