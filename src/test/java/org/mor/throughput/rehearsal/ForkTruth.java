package org.mor.throughput.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/** Compares a store, rows and documents, with what is true on a chain after a reorganisation. */
public final class ForkTruth {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ForkTruth() {}

  /** Fails unless all rows that count, and all figures, are those of the truth to the unit. */
  public static void assertAgrees(ObjectStore store, JsonNode truth) throws IOException {
    assertThat(RowsTruth.stored(store, "raw/opens/"))
        .containsExactlyInAnyOrderEntriesOf(RowsTruth.opens(truth));
    assertThat(RowsTruth.stored(store, "raw/closes/"))
        .containsExactlyInAnyOrderEntriesOf(RowsTruth.closes(truth));
    FiguresTruth figures = new FiguresTruth(truth);
    JsonNode summary = document(store, "summary.json");
    figures.assertAgree(summary.get("allTime"), session -> true, session -> true);
    JsonNode buckets = document(store, "rollup/monthly.json").get("buckets");
    assertThat(buckets).hasSizeGreaterThan(10);
    for (JsonNode bucket : buckets) {
      String month = bucket.get("bucket").asText();
      figures.assertAgree(
          bucket, s -> month(s, "openedAt").equals(month), s -> month(s, "closedAt").equals(month));
    }
    JsonNode stuck = document(store, "stuck-sessions.json");
    long asOf = Instant.parse(stuck.get("asOfTime").asText()).getEpochSecond();
    long expired = 0;
    for (JsonNode session : truth.get("sessions")) {
      expired += !session.has("closedAt") && session.get("endsAt").asLong() < asOf ? 1 : 0;
    }
    assertThat(stuck.get("stuckExpired").asLong()).isEqualTo(expired);
    assertThat(stuck.get("closedWithoutEvent").asLong()).isZero();
    assertThat(summary.get("stuckExpired").asLong()).isEqualTo(expired);
  }

  private static JsonNode document(ObjectStore store, String key) throws IOException {
    return JSON.readTree(store.find(new ObjectKey(key)).orElseThrow().body());
  }

  private static String month(JsonNode session, String field) {
    return Instant.ofEpochSecond(session.get(field).asLong()).toString().substring(0, 7);
  }
}
