package org.mor.throughput.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.mor.throughput.archive.Gzip;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.BackfillRequest;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.Patience;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.Worlds;

/** A store with a whole history in it, published, and hands that spoil it. */
final class IndexedStore {
  static final String OPENS = "raw/opens/2026-01.ndjson.gz";
  static final String CLOSES = "raw/closes/2026-01.ndjson.gz";
  static final String LATER_CLOSES = "raw/closes/2026-02.ndjson.gz";

  private static final MetricRules RULES = new MetricRules(500, 0, 0, Set.of());
  private static final Map<String, byte[]> WHOLE = indexOnce();

  final ObjectStore store = new MemoryObjectStore();
  final Ledger ledger = Worlds.ledger(store);
  final RollupRun rollup =
      new RollupRun(Worlds.settings(), ledger, RULES, new Publisher(store, attempt -> {}), 1);

  /** Scans the chain from block {@code start} on. */
  IndexedStore scanned(ChainReader chain, long start) {
    Backfill backfill = new Backfill(chain, Worlds.settings(), ledger, Patience.none());
    backfill.run(
        backfill.plan(new BackfillRequest(start, OptionalLong.empty(), false)),
        RunBudget.unlimited(),
        ScanListener.none());
    return this;
  }

  IndexedStore published(ChainReader chain) {
    rollup.run(chain, Patience.none(), PartialCache.none(), Instant.parse("2026-02-04T00:00:00Z"));
    return this;
  }

  /** All of the history, scanned and published once for all tests. */
  static IndexedStore whole() {
    IndexedStore copy = new IndexedStore();
    WHOLE.forEach(copy::put);
    return copy;
  }

  private static Map<String, byte[]> indexOnce() {
    FakeChain chain = Worlds.history();
    IndexedStore indexed = new IndexedStore().scanned(chain, 1).published(chain);
    return indexed.store.list("").stream()
        .collect(
            Collectors.toUnmodifiableMap(
                info -> info.key().value(), info -> indexed.body(info.key().value())));
  }

  VerificationReport verify(ChainReader chain, int sample) {
    return verify(Optional.of(new Verification.Opinion(chain, "through the test")), sample);
  }

  VerificationReport verifyAlone() {
    return verify(Optional.empty(), 20);
  }

  private VerificationReport verify(Optional<Verification.Opinion> opinion, int sample) {
    return new Verification(
            store, ledger, UserPrivacy.plain(), Worlds.settings(), rollup, Patience.none())
        .run(
            opinion,
            new Verification.Sample(sample, new SplittableRandom(7)),
            VerifyListener.none());
  }

  static Check check(VerificationReport report, String name) {
    return report.checks().stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no check " + name + " in " + report.checks()));
  }

  byte[] body(String key) {
    return store.find(new ObjectKey(key)).orElseThrow().body();
  }

  String text(String key) {
    return new String(body(key), UTF_8);
  }

  void put(String key, byte[] body) {
    Optional<StoredObject> stored = store.find(new ObjectKey(key));
    if (stored.isPresent()) {
      store.replace(
          new ObjectKey(key), body, stored.get().version(), ObjectAttributes.PRIVATE_JSON);
    } else {
      store.create(new ObjectKey(key), body, ObjectAttributes.PRIVATE_JSON);
    }
  }

  void changeText(String key, UnaryOperator<String> change) {
    String before = text(key);
    String after = change.apply(before);
    if (before.equals(after)) {
      throw new AssertionError("nothing changed in " + before);
    }
    put(key, after.getBytes(UTF_8));
  }

  List<String> lines(String key) {
    try {
      return new ArrayList<>(
          new String(Gzip.decode(new ObjectKey(key), body(key)).readAllBytes(), UTF_8)
              .lines()
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void putLines(String key, List<String> lines) {
    put(key, Gzip.encode((String.join("\n", lines) + "\n").getBytes(UTF_8)));
  }
}
