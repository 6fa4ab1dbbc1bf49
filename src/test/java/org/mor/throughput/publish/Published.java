package org.mor.throughput.publish;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.proof.Proof.ProofState;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.CloseBuilder;
import org.mor.throughput.rollup.ListedRows;
import org.mor.throughput.rollup.MonthFiles;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.rollup.Rollup;
import org.mor.throughput.rollup.Rollups;
import org.mor.throughput.rollup.StuckSessions;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.ModelLabel;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectKey;

/** All documents of one generated history. */
final class Published {
  static final long NOW = 1_776_345_678; // 2026-04-16T13:21:18Z
  private static final MetricRules RULES =
      new MetricRules(500, 1_764_547_200, 1_769_904_000, Set.of(CloseBuilder.user(3)));

  private static final Proof PROOF =
      new Proof(45_000_000, 45_000_000, ProofState.gapAt(395), 395, OptionalLong.of(397), 0);

  private Published() {}

  static ListedRows rows() {
    return ListedRows.random(42, 400, NOW - 140 * 86400L, NOW);
  }

  static DocumentHead head(long block, String generatedAt) {
    Address diamond = Address.fromHex("0x6abe1d282f72b474e54527d93b979a4f64d3030a");
    return new DocumentHead("base", diamond, new AsOf(block, NOW), Instant.parse(generatedAt));
  }

  static DocumentHead head() {
    return head(45_000_000, "2026-04-16T13:22:00.987Z");
  }

  static List<Document> documents(ListedRows rows, int parallelism, DocumentHead head) {
    Rollup rollup = rollup(rows, parallelism, head);
    List<Document> documents = new ArrayList<>(Documents.of(head, rollup, labels()));
    documents.add(Documents.stuckSessions(head, stuck(rollup)));
    return documents;
  }

  static Document summary(ListedRows rows, DocumentHead head, SortedMap<ObjectKey, String> hashes) {
    Rollup rollup = rollup(rows, 1, head);
    Summary summary =
        new Summary(
            RULES,
            rollup.windows(),
            rollup.closes(),
            stuck(rollup).stuckExpired(),
            head.asOf().block() + 20,
            new Completeness(39_593_197, 1, 0, true, Optional.of(PROOF), List.of(39_593_263L)));
    return Documents.summary(head, summary, hashes);
  }

  static List<Document> all() {
    List<Document> documents = documents(rows(), 1, head());
    SortedMap<ObjectKey, String> hashes = new TreeMap<>();
    documents.forEach(document -> hashes.put(document.key(), "0".repeat(64)));
    Document summary = summary(rows(), head(), hashes);
    documents.add(summary);
    documents.add(SummaryPageCodec.of(summary.body()));
    documents.addAll(months());
    return documents;
  }

  private static Rollup rollup(ListedRows rows, int parallelism, DocumentHead head) {
    return rollup(rows, parallelism, head, new MemoryObjectStore());
  }

  private static Rollup rollup(
      ListedRows rows, int parallelism, DocumentHead head, MemoryObjectStore store) {
    MonthFiles months = new StoredMonths(store, head.network(), head.diamond(), true, tries -> {});
    return Rollups.compute(rows, RULES, head.asOf(), PartialCache.none(), months, parallelism);
  }

  /** The cells of the months that are over, as they are stored. */
  static List<Document> months() {
    MemoryObjectStore store = new MemoryObjectStore();
    rollup(rows(), 1, head(), store);
    return store.list("rollup/performance/").stream()
        .map(object -> new Document(object.key(), store.find(object.key()).orElseThrow().body()))
        .toList();
  }

  private static StuckSessions stuck(Rollup rollup) {
    Map<Hash32, Long> chain = new HashMap<>();
    rollup
        .unclosedOpens()
        .forEach(open -> chain.put(open.sessionId(), open.block() % 7 == 0 ? 5L : 0L));
    return StuckSessions.of(rollup.unclosedOpens(), chain, rollup.asOf());
  }

  private static Map<Hash32, ModelLabel> labels() {
    return Map.of(
        CloseBuilder.model(1),
        new ModelLabel("gl\u202em-5\u0000.1", List.of("tee", "LLM")),
        CloseBuilder.model(2),
        new ModelLabel("", List.of("Embeddings")));
  }
}
