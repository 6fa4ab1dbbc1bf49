package org.mor.throughput.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.Gzip;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.Methodology;
import org.mor.throughput.rollup.MonthPartial;
import org.mor.throughput.rollup.MonthPartialCodec;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.Worlds;

class StoredPartialsTest {
  private static final MetricRules RULES = new MetricRules(500, 0, 0, Set.of());
  private static final String FINGERPRINT = Methodology.fingerprint(RULES);
  private static final Month JANUARY = Month.parse("2026-01");
  private static final Month FEBRUARY = Month.parse("2026-02");

  private final MemoryObjectStore store = new MemoryObjectStore();

  @BeforeEach
  void historyIsOld() {
    add(Worlds.history());
    long later = FakeChain.time(Worlds.HEAD) + 100 * 86_400L;
    BlockHeader head = new BlockHeader(1_000_000, Hash32.of(new byte[32]), later);
    Worlds.ledger(store)
        .cursor()
        .advance(new BlockRange(0, head.number()), head, Worlds.NETWORK, 0, Instant.EPOCH, "test");
  }

  @Test
  void documentsAreTheSameWithAndWithoutPartials() {
    Map<String, String> fresh = published(PartialCache.none());
    assertThat(published(partials())).isEqualTo(fresh);
    assertThat(partials().find(JANUARY, FINGERPRINT)).isPresent();
    assertThat(partials().find(FEBRUARY, FINGERPRINT)).isPresent();
    assertThat(published(partials())).isEqualTo(fresh);
  }

  @Test
  void aPartialIsPrivate() {
    published(partials());
    assertThat(store.attributes(StoredPartials.key(JANUARY)))
        .contains(ObjectAttributes.PRIVATE_GZIP);
  }

  @Test
  void aChangedPartitionIsNoticed() {
    published(partials());
    FakeChain more = Worlds.history();
    more.open(1, 1, 1, 15, 3_600).closed(40, 20_000, 100, 7, 8);
    add(more);

    assertThat(partials().find(JANUARY, FINGERPRINT)).isEmpty();
    assertThat(partials().find(FEBRUARY, FINGERPRINT)).isPresent();
    Map<String, String> cached = published(partials());
    assertThat(published(PartialCache.none())).isEqualTo(cached);
  }

  @Test
  void otherRulesAndAnotherFormOfUsersAreNotMixed() {
    published(partials());
    assertThat(partials().find(JANUARY, "other rules")).isEmpty();
    UserPrivacy keyed = UserPrivacy.keyed("key");
    assertThat(new StoredPartials(store, keyed, false).find(JANUARY, FINGERPRINT)).isEmpty();
  }

  @Test
  void afterARewindPartialsFromBeforeAreNeitherUsedNorWrittenOverLaterOnes() {
    MonthPartial january = january();
    String later = PartialCache.fingerprint(RULES, 2);
    StoredPartials now = partials();
    assertThat(now.find(JANUARY, later)).isEmpty();
    now.put(january, later);
    byte[] stored = partial().body();

    StoredPartials late = partials();
    assertThat(late.find(JANUARY, FINGERPRINT)).isEmpty();
    late.put(january, FINGERPRINT);

    assertThat(partial().body()).isEqualTo(stored);
    assertThat(partials().find(JANUARY, later)).isPresent();
    String latest = PartialCache.fingerprint(RULES, 10);
    StoredPartials next = partials();
    next.find(JANUARY, latest);
    next.put(january, latest);
    assertThat(partials().find(JANUARY, latest)).isPresent();
  }

  @Test
  void whatCannotBeReadIsWrittenAnew() {
    Map<String, String> fresh = published(partials());
    byte[] whole = partial().body();
    for (byte[] bad :
        List.of(
            new byte[0],
            Arrays.copyOf(whole, whole.length - 1),
            "no gzip".getBytes(UTF_8),
            Gzip.encode("nothing we know".getBytes(UTF_8)))) {
      store.replace(
          StoredPartials.key(JANUARY), bad, partial().version(), ObjectAttributes.PRIVATE_GZIP);
      assertThat(partials().find(JANUARY, FINGERPRINT)).isEmpty();
      assertThat(published(partials())).isEqualTo(fresh);
      assertThat(partial().body()).isEqualTo(whole);
    }
  }

  @Test
  void everyShorterOrLongerFormIsNoPartial() {
    byte[] whole = MonthPartialCodec.encode(january(), "rows");
    assertThat(MonthPartialCodec.decode(whole, JANUARY, "rows")).isPresent();
    assertThat(MonthPartialCodec.decode(whole, FEBRUARY, "rows")).isEmpty();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThat(MonthPartialCodec.decode(cut, JANUARY, "rows")).as("%d bytes", length).isEmpty();
    }
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    assertThat(MonthPartialCodec.decode(longer, JANUARY, "rows")).isEmpty();
  }

  @Test
  void renewingReadsNoPartialButWritesEveryOne() {
    published(partials());
    StoredObject before = partial();
    published(new StoredPartials(store, UserPrivacy.plain(), true));
    assertThat(partial().version()).isNotEqualTo(before.version());
    assertThat(partial().body()).isEqualTo(before.body());
  }

  @Test
  void theLoserOfTwoWritersGoesOn() {
    MonthPartial january = january();
    MemoryObjectStore other = new MemoryObjectStore();
    StoredPartials winner = partials(other);
    winner.find(JANUARY, FINGERPRINT);
    // Looking up takes three operations; the seventh is the write.
    ObjectStore raced =
        new StoreProbe(
            other,
            operation -> {
              if (operation == 7) {
                winner.put(january, FINGERPRINT);
              }
            },
            operation -> {});
    StoredPartials loser = partials(raced);
    loser.find(JANUARY, FINGERPRINT);
    loser.put(january, FINGERPRINT);
    assertThat(partials(other).find(JANUARY, FINGERPRINT)).isPresent();
  }

  @Test
  void aMonthThatChangedWhileItWasReadIsNotKept() {
    MonthPartial january = january();
    StoredPartials partials = new StoredPartials(store, UserPrivacy.plain(), true);
    partials.find(JANUARY, FINGERPRINT);
    StoredObject before = partial();
    FakeChain more = Worlds.history();
    more.open(1, 1, 1, 15, 3_600);
    add(more);
    partials.put(january, FINGERPRINT);
    assertThat(partial().version()).isEqualTo(before.version());
  }

  private MonthPartial january() {
    published(partials());
    return partials().find(JANUARY, FINGERPRINT).orElseThrow();
  }

  private StoredObject partial() {
    return store.find(StoredPartials.key(JANUARY)).orElseThrow();
  }

  private StoredPartials partials() {
    return partials(store);
  }

  private static StoredPartials partials(ObjectStore of) {
    return new StoredPartials(of, UserPrivacy.plain(), false);
  }

  private void add(FakeChain chain) {
    Ledger scanned = Worlds.ledger(new MemoryObjectStore());
    Backfill backfill = new Backfill(chain, Worlds.settings(), scanned, Patience.none());
    backfill.run(
        backfill.plan(new BackfillRequest(1, OptionalLong.empty(), false)),
        RunBudget.unlimited(),
        ScanListener.none());
    for (Month month : List.of(JANUARY, FEBRUARY)) {
      List<OpenRow> opens = new ArrayList<>();
      List<CloseRow> closes = new ArrayList<>();
      scanned.rows().forEachOpen(month, opens::add);
      scanned.rows().forEachClose(month, closes::add);
      Worlds.ledger(store).rows().merge(opens, closes);
    }
  }

  private Map<String, String> published(PartialCache cache) {
    new RollupRun(
            Worlds.settings(), Worlds.ledger(store), RULES, new Publisher(store, attempt -> {}), 2)
        .run(cache, Instant.EPOCH);
    Map<String, String> documents = StoreProbe.content(store);
    documents.keySet().removeIf(key -> key.startsWith("raw/") || key.startsWith("state/"));
    assertThat(documents).containsKey("summary.json");
    return documents;
  }
}
