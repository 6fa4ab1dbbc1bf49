package org.mor.throughput.serve;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mor.throughput.chain.Address;
import org.mor.throughput.publish.Document;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.publish.Documents;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.publish.Summary;
import org.mor.throughput.publish.Summary.Completeness;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.rollup.Rollup;
import org.mor.throughput.rollup.Rollups;
import org.mor.throughput.rollup.RowSource;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.store.ObjectStore;

/** Publishes rows as a run does. */
final class PublishedStore {
  static final long NOW = 1_776_345_678; // 2026-04-16T13:21:18Z
  private static final MetricRules RULES = new MetricRules(500, 0, 0, Set.of());
  private static final Address DIAMOND =
      Address.fromHex("0x6abe1d282f72b474e54527d93b979a4f64d3030a");

  private PublishedStore() {}

  static void publish(ObjectStore store, RowSource rows, long block) {
    Publisher publisher = new Publisher(store, attempt -> {});
    AsOf asOf = new AsOf(block, NOW);
    Rollup rollup =
        Rollups.compute(
            rows, RULES, asOf, PartialCache.none(), publisher.months("base", DIAMOND), 1);
    DocumentHead head = new DocumentHead("base", DIAMOND, asOf, Instant.ofEpochSecond(NOW + 60));
    List<Document> documents = Documents.of(head, rollup, Map.of());
    Summary summary =
        new Summary(
            RULES,
            rollup.windows(),
            rollup.closes(),
            null,
            block + 20,
            new Completeness(1, 1, 0, true, Optional.empty(), List.of()));
    publisher.publish(documents, hashes -> Documents.summary(head, summary, hashes));
  }
}
