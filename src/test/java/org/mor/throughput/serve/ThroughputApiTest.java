package org.mor.throughput.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.mor.throughput.serve.PublishedStore.NOW;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mor.throughput.rollup.CloseBuilder;
import org.mor.throughput.rollup.ListedRows;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.store.MemoryObjectStore;

class ThroughputApiTest {
  private static final long DAY = 86400;

  private final MemoryObjectStore store = new MemoryObjectStore();
  private long nanos;
  private final ThroughputApi api = new ThroughputApi(new CellCache(store, () -> nanos));

  @Test
  void aChoiceHasTheTotalsAndPercentilesOfItsRows() throws IOException {
    ListedRows rows = ListedRows.random(3, 2500, NOW - 90 * DAY, NOW);
    PublishedStore.publish(store, rows, 1);
    // From 2026-02-10 to 2026-03-05: the end of one month and the start of the next.
    long from = 1_770_681_600;
    long to = from + 24 * DAY;
    List<CloseFacts> chosen =
        rows.closes().stream()
            .filter(c -> c.closedAt() >= from && c.closedAt() < to)
            .filter(c -> Objects.equals(CloseBuilder.provider(2), c.provider()))
            .toList();
    JsonNode answer =
        ask("from=2026-02-10&to=2026-03-05&provider=" + CloseBuilder.provider(2).toHex());
    assertThat(answer.at("/totals/sessionsClosed").asLong()).isEqualTo(chosen.size()).isPositive();
    assertThat(answer.at("/totals/outputTokens").asLong())
        .isEqualTo(
            chosen.stream()
                .filter(c -> c.tokenTotals() != null)
                .mapToLong(c -> c.tokenTotals().output())
                .sum());
    List<Long> ttft =
        chosen.stream()
            .filter(c -> !c.disputed() && c.receipt() != null)
            .map(c -> c.receipt().ttftMs().orElse(0))
            .filter(value -> value > 0)
            .sorted()
            .toList();
    assertThat(ttft).hasSizeGreaterThan(30);
    assertThat(answer.at("/totals/ttftSamples").asInt()).isEqualTo(ttft.size());
    double median = ttft.get((ttft.size() + 1) / 2 - 1);
    assertThat(answer.at("/percentiles/p50/ttftMs").asDouble())
        .isCloseTo(median, within(median * 0.01));
  }

  @ParameterizedTest
  @CsvSource({"p50,30", "p95,72", "p99,368"})
  void aPercentileIsShownFromItsGateOnAndNotOneSampleSooner(String percentile, int gate)
      throws IOException {
    for (int samples : new int[] {gate - 1, gate, gate + 1}) {
      MemoryObjectStore own = new MemoryObjectStore();
      PublishedStore.publish(own, same(samples), 1);
      JsonNode answer =
          read(new ThroughputApi(new CellCache(own, () -> 0)), "percentiles=" + percentile);
      JsonNode shown = answer.at("/percentiles/" + percentile);
      assertThat(answer.path("percentiles")).hasSize(1);
      assertThat(shown.path("tps").isNull()).as("%d", samples).isEqualTo(samples < gate);
      assertThat(shown.path("ttftMsLow").isNull()).isEqualTo(samples < gate);
      assertThat(shown.path("tpsNeedsSamples").asInt()).isEqualTo(Math.max(0, gate - samples));
    }
  }

  @Test
  void groupsAddUpToTheTotals() throws IOException {
    PublishedStore.publish(store, ListedRows.random(4, 800, NOW - 40 * DAY, NOW), 1);
    for (String by :
        List.of(
            "model", "provider,inputClass", "day", "model,provider,day,inputClass,outputClass")) {
      JsonNode answer = ask("groupBy=" + by);
      for (String amount : List.of("sessionsClosed", "inputTokens", "tpsSamples", "tokens")) {
        long sum = 0;
        for (JsonNode group : answer.path("data")) {
          sum += group.path(amount).asLong();
        }
        assertThat(sum)
            .as("%s by %s", amount, by)
            .isEqualTo(answer.at("/totals/" + amount).asLong());
      }
      for (String dimension : by.split(",", -1)) {
        assertThat(answer.path("data").get(0).has(dimension)).isTrue();
      }
    }
  }

  @Test
  void whatIsPublishedAnewIsSeenWithinTwoSeconds() throws IOException {
    assertThat(api.answer(new Parameters(Map.of())).status()).isEqualTo(503);
    PublishedStore.publish(store, same(1), 1);
    nanos += 2_000_000_000L;
    assertThat(ask("").at("/totals/sessionsClosed").asInt()).isEqualTo(1);
    PublishedStore.publish(store, same(5), 2);
    nanos += 1_999_999_999L;
    assertThat(ask("").at("/totals/sessionsClosed").asInt()).isEqualTo(1);
    nanos += 1;
    assertThat(ask("").at("/totals/sessionsClosed").asInt()).isEqualTo(5);
    assertThat(ask("").path("asOfBlock").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "from=2026-03-01&to=2026-03-31|at most 30 days",
        "from=0001-01-01&to=2026-03-31|at most 30 days",
        "from=2026-04-02&to=2026-04-01|from is after to",
        "from=2026-02-30|from is not a UTC day",
        "to=2026-04-17|to is after 2026-04-16, the last indexed day",
        "from=2026-04-20&to=2099-01-01|to is after 2026-04-16, the last indexed day",
        "to=yesterday|to is not a UTC day",
        "provider=0x12|provider is not an address",
        "provider=<script>|provider is not an address",
        "model=glm-5|model is not a model id",
        "percentiles=p42|percentiles is none of",
        "groupBy=user|groupBy is none of model",
        "inputClass=huge|inputClass is none of low",
        "providers=0x12|unknown parameter providers; accepted: from, groupBy, inputClass, model, ",
        "day=2026-04-16&fooo=1&to=2026-04-16|unknown parameter day; accepted: ",
        "provider=|provider is not an address",
        "groupBy=|groupBy is none of model",
        "to=|to is not a UTC day",
        "<script>=1|unknown parameter; accepted: ",
        "a123456789012345678901234567890123=1|unknown parameter; accepted: "
      })
  void aQuestionThatMakesNoSenseIsRefusedInOurOwnWords(String query, String message)
      throws IOException {
    PublishedStore.publish(store, same(1), 1);
    assertThatThrownBy(() -> api.answer(parameters(query)))
        .isInstanceOf(BadQuestionException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("script");
  }

  @Test
  void thirtyDaysAreAnswered() throws IOException {
    PublishedStore.publish(store, same(3), 1);
    assertThat(ask("from=2026-03-18&to=2026-04-16").at("/totals/sessionsClosed").asInt())
        .isEqualTo(3);
    assertThat(ask("from=2020-01-01&to=2020-01-30").path("data")).isEmpty();
  }

  private static ListedRows same(int sessions) {
    List<CloseFacts> closes = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      closes.add(CloseBuilder.closeAt(NOW - i).session(i).seven(40_000 + i, 900, 10, 20).build());
    }
    return new ListedRows(List.of(), closes);
  }

  private JsonNode ask(String query) throws IOException {
    return read(api, query);
  }

  private static JsonNode read(ThroughputApi api, String query) throws IOException {
    Answer answer = api.answer(parameters(query));
    assertThat(answer.status()).isEqualTo(200);
    return new JsonMapper().readTree(answer.body());
  }

  private static Parameters parameters(String query) {
    Map<String, List<String>> values = new HashMap<>();
    for (String pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        values
            .computeIfAbsent(pair.split("=", 2)[0], n -> new ArrayList<>())
            .add(pair.split("=", 2)[1]);
      }
    }
    return new Parameters(values);
  }
}
