package org.mor.throughput.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mor.throughput.archive.Gzip;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.publish.DocumentKeys;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.Methodology;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.Worlds;

/**
 * Kills a refresh and the publishing behind it at every step, over documents that are stored
 * already and for the first time, and starts them again.
 */
class PublishingCrashTest {
  private static final Month JANUARY = Month.parse("2026-01");
  private static final Month FEBRUARY = Month.parse("2026-02");
  private static final MetricRules RULES = new MetricRules(500, 0, 0, Set.of());
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Both months with sessions are over by then, January for so long that its partial is kept. */
  private static final long LATE = 50_000;

  private static final MemoryObjectStore BEFORE = new MemoryObjectStore();
  private static MemoryObjectStore undisturbed = new MemoryObjectStore();

  /** What stores looked like that a run was started on again: another one would do the same. */
  private static final Set<List<ObjectInfo>> STARTED_AGAIN = new HashSet<>();

  /** Documents of the first days; behind them, all rows, some as the earlier indexer wrote them. */
  @BeforeAll
  static void publishedOnceAndScannedFurther() {
    scan(Worlds.fill(new FakeChain(1_500)), BEFORE);
    publish(Worlds.fill(new FakeChain(1_500)), BEFORE);
    scan(world(), BEFORE);
    age(JANUARY);
    age(FEBRUARY);

    undisturbed = before(false);
    run(world(), undisturbed);
    Map<String, String> before = StoreProbe.content(BEFORE);
    Map<String, String> after = StoreProbe.content(undisturbed);
    assertThat(after.keySet()).anyMatch(key -> key.startsWith("rollup/performance/2026-01"));
    assertThat(after.keySet()).anyMatch(key -> key.startsWith("state/partials/2026-01"));
    for (String key : List.of("summary.json", "rollup/daily.json", key(JANUARY), key(FEBRUARY))) {
      assertThat(after.get(key)).as(key).isNotNull().isNotEqualTo(before.get(key));
    }
  }

  @ParameterizedTest
  @CsvSource({"true,true", "true,false", "false,true", "false,false"})
  void killedAtAnyStoreWriteTheNextRunEndsInTheSameBytes(boolean first, boolean beforeIt) {
    List<Integer> writes = writesOfARun(first);
    assertThat(writes).hasSizeGreaterThan(15);
    for (int deadly : writes) {
      MemoryObjectStore store = before(first);
      StoreProbe probe =
          new StoreProbe(
              store,
              n -> Killed.when(beforeIt && n == deadly),
              n -> Killed.when(!beforeIt && n == deadly));

      assertThat(Killed.ends(() -> run(world(), probe)))
          .as("killed at operation %d", deadly)
          .isTrue();
      requireGoodEnd(store, "killed at operation " + deadly);
    }
  }

  /** Which store operations of an undisturbed run change anything; it ends as any other does. */
  private static List<Integer> writesOfARun(boolean first) {
    MemoryObjectStore store = before(first);
    List<List<ObjectInfo>> states = new ArrayList<>(List.of(store.list("")));
    List<Integer> writes = new ArrayList<>();
    StoreProbe probe =
        new StoreProbe(
            store,
            n -> {},
            n -> {
              states.add(store.list(""));
              if (!states.get(n).equals(states.get(n - 1))) {
                writes.add(n);
              }
            });
    run(world(), probe);
    requireUndisturbed(store, "undisturbed");
    return writes;
  }

  /** The store that a run begins with, without any document where it is the first to publish. */
  private static MemoryObjectStore before(boolean first) {
    MemoryObjectStore store = new MemoryObjectStore();
    for (ObjectInfo info : BEFORE.list("")) {
      String key = info.key().value();
      if (!first || key.startsWith("raw/") || key.startsWith("state/")) {
        store.create(
            info.key(),
            BEFORE.find(info.key()).orElseThrow().body(),
            BEFORE.attributes(info.key()).orElseThrow());
      }
    }
    return store;
  }

  @Test
  void killedAtAnyChainReadTheNextRunEndsInTheSameBytes() {
    int steps = 0;
    boolean killed = true;
    for (int step = 1; killed; step++) {
      MemoryObjectStore store = before(false);
      MortalChain mortal = Worlds.fill(new MortalChain(LATE, step));
      killed = Killed.ends(() -> run(mortal, store));
      requireGoodEnd(store, "killed at read " + step);
      steps = step;
    }
    assertThat(steps).isGreaterThan(40);
  }

  private static FakeChain world() {
    return Worlds.fill(new FakeChain(LATE));
  }

  private static void scan(FakeChain chain, ObjectStore store) {
    Backfill backfill =
        new Backfill(chain, Worlds.settings(), Worlds.ledger(store), Patience.none());
    backfill.run(
        backfill.plan(new BackfillRequest(1, OptionalLong.empty(), false)),
        RunBudget.unlimited(),
        ScanListener.none());
  }

  /** Every fourth row becomes one of the earlier indexer, half of them without a block. */
  private static void age(Month month) {
    ObjectKey key = RowKind.CLOSES.key(month);
    StoredObject stored = BEFORE.find(key).orElseThrow();
    List<String> lines = new ArrayList<>();
    try (var content = Gzip.decode(key, stored.body())) {
      for (String line : new String(content.readAllBytes(), UTF_8).lines().toList()) {
        JsonNode row = JSON.readTree(line);
        String block =
            lines.size() % 8 == 0 ? ",\"blockNumber\":" + row.path("blockNumber").asLong() : "";
        lines.add(
            lines.size() % 4 != 0
                ? line
                : "{\"sessionId\":\"%s\",\"closedAt\":%d%s}"
                    .formatted(
                        row.path("sessionId").asText(), row.path("closedAt").asLong(), block));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] body = Gzip.encode((String.join("\n", lines) + "\n").getBytes(UTF_8));
    BEFORE.replace(key, body, stored.version(), ObjectAttributes.PRIVATE_GZIP);
  }

  private static void run(FakeChain chain, ObjectStore store) {
    new CloseRefresh(chain, Worlds.settings(), Worlds.ledger(store), Patience.none())
        .run(new RefreshRequest(List.of(FEBRUARY, JANUARY), 200, 0, false), RefreshListener.none());
    publish(chain, store);
  }

  private static void publish(FakeChain chain, ObjectStore store) {
    new RollupRun(
            Worlds.settings(), Worlds.ledger(store), RULES, new Publisher(store, attempt -> {}), 1)
        .run(chain, Patience.none(), partials(store), Instant.EPOCH);
  }

  private static StoredPartials partials(ObjectStore store) {
    return new StoredPartials(store, UserPrivacy.plain(), false);
  }

  private static void requireGoodEnd(MemoryObjectStore store, String when) {
    if (STARTED_AGAIN.add(store.list(""))) {
      requireWholeForReaders(store);
      run(world(), store);
      requireUndisturbed(store, when);
    }
  }

  /** Whatever a stored document names is stored. */
  private static void requireWholeForReaders(ObjectStore store) {
    List<String> named = new ArrayList<>();
    document(store, DocumentKeys.SUMMARY)
        .ifPresent(summary -> summary.path("documents").fieldNames().forEachRemaining(named::add));
    document(store, DocumentKeys.PERFORMANCE_INDEX)
        .ifPresent(
            index -> index.path("months").forEach(month -> named.add(month.path("file").asText())));
    assertThat(keys(store)).containsAll(named);
  }

  private static Optional<JsonNode> document(ObjectStore store, ObjectKey key) {
    return store
        .find(key)
        .map(
            object -> {
              try {
                return JSON.readTree(object.body());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /**
   * The same bytes; a partial names the version of the rows it was made of, so of these, that they
   * are those of the rows as they are.
   */
  private static void requireUndisturbed(ObjectStore store, String when) {
    assertThat(withoutPartials(store)).as(when).isEqualTo(withoutPartials(undisturbed));
    assertThat(keys(store)).as(when).isEqualTo(keys(undisturbed));
    String rules = Methodology.fingerprint(RULES);
    assertThat(partials(store).find(JANUARY, rules)).as(when).isPresent();
    assertThat(document(store, DocumentKeys.SUMMARY)).as(when).isPresent();
    requireWholeForReaders(store);
  }

  private static Map<String, String> withoutPartials(ObjectStore store) {
    Map<String, String> content = StoreProbe.content(store);
    content.keySet().removeIf(key -> key.startsWith("state/partials/"));
    return content;
  }

  private static Set<String> keys(ObjectStore store) {
    return store.list("").stream()
        .map(ObjectInfo::key)
        .map(ObjectKey::value)
        .collect(Collectors.toSet());
  }

  private static String key(Month month) {
    return RowKind.CLOSES.key(month).value();
  }
}
