package org.mor.throughput.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.mor.throughput.chain.Address;
import org.mor.throughput.publish.Completeness;
import org.mor.throughput.publish.DocumentHead;
import org.mor.throughput.publish.Documents;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.publish.Summary;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.CloseBuilder;
import org.mor.throughput.rollup.ListedRows;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.rollup.Rollup;
import org.mor.throughput.rollup.Rollups;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;

/**
 * How many bytes the published documents of a year have: 40 models, 60 providers, 400 pairs of
 * them, of which few serve most sessions, as on the real network.
 */
final class DocumentSizes {
  private static final int DAYS = 365;
  private static final int PAIRS = 400;
  private static final MetricRules RULES = new MetricRules(500, 0, 0, Set.of());
  private static final long NOW = 1_798_761_599; // 2026-12-31T23:59:59Z

  private DocumentSizes() {}

  /** Arguments: closes a day (566). */
  public static void main(String[] args) throws IOException {
    int perDay = args.length > 0 ? Integer.parseInt(args[0]) : 566;
    MemoryObjectStore store = new MemoryObjectStore();
    Publisher publisher = new Publisher(store, attempt -> {});
    Address diamond = CloseBuilder.provider(1);
    Rollup rollup =
        Rollups.compute(
            new ListedRows(List.of(), closes(perDay)),
            RULES,
            new AsOf(1, NOW),
            PartialCache.none(),
            publisher.months("base", diamond),
            2);
    DocumentHead head =
        new DocumentHead("base", diamond, new AsOf(1, NOW), Instant.ofEpochSecond(NOW));
    Summary summary =
        new Summary(
            RULES,
            rollup.windows(),
            rollup.closes(),
            0L,
            1L,
            new Completeness(1, 1, 0, true, Optional.empty(), List.of()));
    publisher.publish(
        Documents.of(head, rollup, Map.of()), hashes -> Documents.summary(head, summary, hashes));
    for (ObjectInfo object : store.list("")) {
      byte[] body = store.find(object.key()).orElseThrow().body();
      System.out.printf("%-50s %9d bytes, gzip %8d%n", object.key(), body.length, gzip(body));
    }
  }

  private static List<CloseFacts> closes(int perDay) {
    Random random = new Random(1);
    List<CloseFacts> closes = new ArrayList<>();
    for (int i = 0; i < DAYS * perDay; i++) {
      long time = NOW - DAYS * 86400L + (long) i * 86400 / perDay;
      // The n-th pair has a share of about 1/n.
      int pair = (int) Math.pow(PAIRS, random.nextDouble()) - 1;
      Random own = new Random(pair);
      int provider = 1 + own.nextInt(60);
      int model = 1 + own.nextInt(40);
      double speed = 20 + own.nextInt(80);
      double wait = 300 + own.nextInt(3000);
      CloseBuilder close =
          CloseBuilder.closeAt(time)
              .session(i + 1)
              .duration(300 + random.nextInt(1500))
              .early(random.nextInt(3) == 0)
              .disputed(random.nextInt(60) == 0)
              .by(1 + random.nextInt(200), provider, model);
      if (random.nextInt(20) != 0) {
        close.seven(
            (long) (1000 * speed * Math.exp(0.3 * random.nextGaussian())),
            (long) (wait * Math.exp(0.5 * random.nextGaussian())),
            (long) Math.exp(7 + 2 * random.nextGaussian()),
            (long) Math.exp(6 + 2 * random.nextGaussian()));
      }
      closes.add(close.build());
    }
    return closes;
  }

  private static int gzip(byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body);
    }
    return bytes.size();
  }
}
