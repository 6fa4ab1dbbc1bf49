package org.mor.throughput.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.CloseBuilder;
import org.mor.throughput.rollup.ListedRows;
import org.mor.throughput.rollup.Rollup;
import org.mor.throughput.rollup.Rollup.Breakdown;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.ModelLabel;
import org.mor.throughput.store.ObjectKey;

/** Documents of a month in which a stranger closed a session on each of thousands of models. */
class ManyModelsTest {
  private static final int STRANGERS = 4_000;
  private static final long NOW = 1_780_272_000; // 2026-06-01T00:00:00Z
  private static final Map<ObjectKey, byte[]> BODIES = new HashMap<>();
  private static final MetricRules RULES = new MetricRules(500, 0, 0, Set.of());
  private static final DocumentHead HEAD =
      new DocumentHead(
          "base", CloseBuilder.provider(1), new AsOf(1, NOW), Instant.ofEpochSecond(NOW));
  private static Rollup rollup;

  @BeforeAll
  static void publish() {
    List<CloseFacts> closes = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      closes.add(
          CloseBuilder.closeAt(NOW - 600 - 86_400L * i).session(i + 1).seven(1, 1, 9, 9).build());
    }
    Map<Hash32, ModelLabel> labels = new HashMap<>();
    String longest = "\uD83D\uDE00".repeat(64);
    for (int i = 2; i <= STRANGERS + 1; i++) {
      closes.add(
          CloseBuilder.closeAt(NOW - 60 * 60)
              .session(1_000 + i)
              .by(1, i, i)
              .seven(U32, U32, U32, U32)
              .build());
      labels.put(CloseBuilder.model(i), new ModelLabel(longest, Collections.nCopies(16, longest)));
    }
    rollup = ListedRows.ofCloses(closes).rollup(RULES, new AsOf(1, NOW));
    Documents.of(HEAD, rollup, labels).forEach(one -> BODIES.put(one.key(), one.body()));
  }

  private static final long U32 = (1L << 32) - 1;

  @Test
  void everyDocumentStaysOfASizeThatAPageCanLoad() {
    assertThat(BODIES)
        .allSatisfy((key, body) -> assertThat(body.length).as(key.value()).isLessThan(24 << 20));
    assertThat(body(DocumentKeys.PERFORMANCE_INDEX).length).isLessThan(4 << 20);
  }

  @Test
  void noModelIsLeftOutAndTheFirstOnesHaveEveryDay() throws IOException {
    JsonNode document = new ObjectMapper().readTree(body(DocumentKeys.BY_MODEL));
    JsonNode models = document.path("models");

    assertThat(models).hasSize(STRANGERS + 1);
    assertThat(document.path("sparseFrom").asInt()).isEqualTo(Breakdown.DENSE);
    Set<String> ids = new TreeSet<>();
    for (int i = 0; i < models.size(); i++) {
      ids.add(models.get(i).path("id").asText());
      long closed = models.get(i).path("totals").path("sessionsClosed").asLong();
      long daily = 0;
      for (JsonNode day : models.get(i).path("daily")) {
        daily += day.path("sessionsClosed").asLong();
      }
      assertThat(daily).isEqualTo(closed);
      assertThat(models.get(i).has("tags")).isFalse();
    }
    assertThat(ids).hasSize(STRANGERS + 1);
    assertThat(models.get(0).path("daily")).hasSize(30);
    assertThat(models.get(Breakdown.DENSE - 1).path("daily")).hasSize(30);
    assertThat(models.get(Breakdown.DENSE).path("daily")).hasSize(1);
    // The one real model has fewer tokens than any stranger claims, and is there with all its 29
    // days.
    assertThat(models.get(STRANGERS).path("id").asText()).isEqualTo(CloseBuilder.model(1).toHex());
    assertThat(models.get(STRANGERS).path("daily")).hasSize(29);
  }

  @Test
  void fewModelsAreListedAsEver() throws IOException {
    Rollup few =
        ListedRows.ofCloses(CloseBuilder.closeAt(NOW - 600).build())
            .rollup(RULES, new AsOf(1, NOW));
    String document =
        Documents.of(HEAD, few, Map.of()).stream()
            .filter(one -> one.key().equals(DocumentKeys.BY_MODEL))
            .map(one -> new String(one.body(), UTF_8))
            .findFirst()
            .orElseThrow();

    assertThat(document).doesNotContain("sparseFrom").contains("\"tags\":[]");
    assertThat(rollup.byModel()).hasSize(STRANGERS + 1);
  }

  @Test
  void theLargestNumbersOfReceiptsAddUp() {
    assertThat(rollup.windows().last30d().tokens().total().toBigInteger())
        .isEqualTo(
            java.math.BigInteger.valueOf(2 * U32)
                .multiply(java.math.BigInteger.valueOf(STRANGERS))
                .add(java.math.BigInteger.valueOf(30 * 18)));
    assertThat(rollup.windows().last30d().quality().tpsSamples()).isEqualTo(STRANGERS + 30);
  }

  private static byte[] body(ObjectKey key) {
    return requireNonNull(BODIES.get(key), key.value());
  }
}
