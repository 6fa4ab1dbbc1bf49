package org.mor.throughput.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.BackfillRequest;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.Patience;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.Worlds;

class PrivacyTest {
  @Test
  void noUserAndNoSessionIsInAnyPublishedByte() {
    Set<String> secrets = new TreeSet<>();
    for (CloseFacts close : Published.rows().closes()) {
      secrets.add(close.sessionId().toHex().substring(2));
      if (close.user() != null) {
        secrets.add(close.user().toHex().substring(2));
      }
    }
    for (OpenFacts open : Published.rows().opens()) {
      secrets.add(open.sessionId().toHex().substring(2));
    }
    assertThat(secrets).hasSizeGreaterThan(350);
    StringBuilder published = new StringBuilder();
    for (Document document : Published.all()) {
      published.append(new String(document.body(), StandardCharsets.UTF_8));
    }
    String text = published.toString().toLowerCase(Locale.ROOT);
    assertThat(text).contains("0xcd00000000000000000000000000000000000001");
    for (String secret : secrets) {
      assertThat(text.contains(secret)).as(secret).isFalse();
    }
  }

  @Test
  void noTransactionIsInAnyPublishedByte() {
    MemoryObjectStore store = new MemoryObjectStore();
    Ledger ledger = Worlds.ledger(store);
    // Months are over by then, so that their files are looked at as well.
    FakeChain chain = Worlds.history().head(43_500);
    Backfill backfill = new Backfill(chain, Worlds.settings(), ledger, Patience.none());
    backfill.run(
        backfill.plan(new BackfillRequest(1, OptionalLong.empty(), false)),
        RunBudget.unlimited(),
        ScanListener.none());
    MetricRules rules = new MetricRules(500, 0, 0, Set.of());
    new RollupRun(Worlds.settings(), ledger, rules, new Publisher(store, attempt -> {}), 1)
        .run(chain, Patience.none(), PartialCache.none(), Instant.EPOCH);

    Set<String> secrets = new TreeSet<>();
    for (Month month : ledger.rows().months(RowKind.OPENS)) {
      ledger.rows().forEachOpen(month, row -> secrets.add(hash(((SessionOpen) row).txHash())));
    }
    int opens = secrets.size();
    for (Month month : ledger.rows().months(RowKind.CLOSES)) {
      ledger.rows().forEachClose(month, row -> secrets.add(hash(((SessionClose) row).txHash())));
    }
    assertThat(opens).isEqualTo(60);
    assertThat(secrets).hasSize(110);

    Map<String, String> published = new TreeMap<>();
    for (ObjectInfo object : store.list("")) {
      String key = object.key().value();
      if (!key.startsWith("raw/") && !key.startsWith("state/")) {
        byte[] body = store.find(object.key()).orElseThrow().body();
        published.put(key, new String(body, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT));
      }
    }
    assertThat(published).containsKeys("summary.json", "stuck-sessions.json");
    assertThat(published.keySet()).anyMatch(key -> key.startsWith("rollup/performance/2026-01"));
    published.forEach((key, text) -> assertThat(secrets).as(key).noneMatch(text::contains));
  }

  private static String hash(Hash32 hash) {
    return hash.toHex().substring(2);
  }

  @Test
  void aModelsNameIsPublishedWithoutTricks() {
    Document byModel =
        Published.all().stream()
            .filter(document -> document.key().equals(DocumentKeys.BY_MODEL))
            .findFirst()
            .orElseThrow();
    String models = new String(byModel.body(), StandardCharsets.UTF_8);
    assertThat(models)
        .contains("\"name\":\"glm-5.1\",\"type\":\"LLM\",\"tags\":[\"tee\",\"LLM\"]")
        .contains("\"name\":\"model-2\",\"type\":\"EMBEDDING\"");
  }
}
