package org.mor.throughput.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Optional;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.rollup.Metrics;
import org.mor.throughput.rollup.StuckSessions;

/** {@code stuck-sessions.json}: sessions that nobody closed; no session and no user is named. */
public final class StuckSessionsCodec {
  private static final JsonMapper JSON = new JsonMapper();

  private StuckSessionsCodec() {}

  /**
   * What a stored document says.
   *
   * @param asOfBlock the block it speaks of
   */
  public record PublishedStuck(long asOfBlock, long stuckExpired, long closedWithoutEvent) {}

  static Document encode(DocumentHead head, StuckSessions stuck) {
    return DocumentCodec.write(DocumentKeys.STUCK_SESSIONS, head, json -> write(json, stuck));
  }

  private static void write(DocumentCodec json, StuckSessions stuck) {
    json.number("stuckExpired", stuck.stuckExpired());
    json.number("morLocked", Metrics.mor(stuck.morLocked().value()));
    json.object(
        "byAge",
        () -> {
          json.number("under1h", stuck.byAge().under1h());
          json.number("from1hTo24h", stuck.byAge().from1hTo24h());
          json.number("over24h", stuck.byAge().over24h());
        });
    json.objects(
        "topProviders",
        stuck.topProviders(),
        one -> {
          json.text("provider", one.provider().toHex());
          json.number("count", one.count());
          json.number("morLocked", Metrics.mor(one.morLocked().value()));
        });
    json.number("openActive", stuck.openActive());
    json.number("closedWithoutEvent", stuck.closedWithoutEvent().size());
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
