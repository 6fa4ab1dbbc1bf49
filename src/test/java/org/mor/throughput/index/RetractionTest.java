package org.mor.throughput.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.testing.StoredRows.lasting;

import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.archive.Suspect;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.publish.Publisher;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.FakeSession;
import org.mor.throughput.testing.Rewound;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.StoredRows;
import org.mor.throughput.testing.Worlds;

/** A chain that reorganised: after a rewind and another scan the store is as if it never had. */
class RetractionTest {
  /** Twenty blocks before February. */
  private static final long FORK = 2_860;

  private static final MetricRules RULES = new MetricRules(500, 0, 0, Set.of());

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final FakeChain chain = Worlds.history();
  private final FakeSession lost = chain.open(1, 1, 1, 2_850, 600);
  private final FakeSession later = chain.open(1, 2, 2, 2_851, 600);
  private final FakeSession lower = chain.open(2, 1, 1, 2_866, 900);
  private final FakeSession lowerMonth = chain.open(2, 2, 2, 2_881, 900);
  private final FakeSession other = chain.open(3, 1, 1, 2_900, 900);
  private final FakeSession gone = chain.open(3, 2, 1, 2_910, 900);

  RetractionTest() {
    lost.closed(2_870, 30_000, 700, 100, 200);
    later.closed(2_871, 30_000, 700, 10, 20);
    lower.closed(2_950, 20_000, 500, 1, 2);
    lowerMonth.closed(2_951, 20_000, 500, 3, 4);
    other.closed(2_952, 10_000, 400, 5, 6);
    gone.closed(2_953, 10_000, 400, 7, 8);
  }

  /** Closes vanish and move to the next month, opens vanish and move down, an id comes back. */
  private void reorganise() {
    chain.forkedAbove(FORK);
    lost.reopened();
    later.reopened().closed(2_890, 31_000, 701, 11, 21);
    lower.opened(2_864);
    lowerMonth.opened(2_879);
    chain.without(gone);
    chain.inItsPlace(other, 3, 2_898, 900).closed(2_960, 9_000, 300, 50, 60);
  }

  @Test
  void afterARewindTheRowsAndDocumentsAreThoseOfTheNewChain() {
    backfill(Worlds.ledger(store), chain);
    publish(Worlds.ledger(store), chain, store);
    reorganise();
    Ledger ledger = Rewound.ledger(store, List.of(FORK));

    Backfill.Report report = backfill(ledger, chain);

    assertThat(report.suspects().suspect()).isZero();
    assertThat(report.suspects().retracted())
        .as("lost and later in January, lowerMonth in February, both rows of gone")
        .isEqualTo(5);
    assertLikeFresh(ledger);
  }

  @Test
  void rowsBeyondTheNewHeadAreSettledWhenTheChainGetsThere() {
    backfill(Worlds.ledger(store), chain);
    reorganise();
    chain.sessions().stream()
        .filter(session -> session.closeBlock() > 4_000 && session.closeBlock() < 7_000)
        .filter(session -> session.openBlock() <= 4_000)
        .forEach(FakeSession::reopened);
    List<FakeSession> never =
        chain.sessions().stream().filter(session -> session.openBlock() > 4_000).toList();
    never.forEach(chain::without);
    Ledger ledger = Rewound.ledger(store, List.of(FORK));

    Backfill.Report first = backfill(ledger, chain.head(4_000));
    Backfill.Report second = backfill(ledger, chain.head(6_500));

    assertThat(first.suspects().retracted()).isPositive();
    assertThat(second.suspects().retracted()).isGreaterThan(never.size());
    assertThat(second.suspects().suspect()).isZero();
    // What providers claimed after the first scan.
    backfill(ledger, chain, 1, 10_000, true);
    assertLikeFresh(ledger);
  }

  @Test
  void aLaterReadingBringsARowBack() {
    backfill(Worlds.ledger(store), chain);
    chain.forkedAbove(FORK);
    lost.reopened();
    Ledger ledger = Rewound.ledger(store, List.of(FORK));
    backfill(ledger, chain);
    assertThat(live(ledger, RowKind.CLOSES)).doesNotContainKey(lost.id());

    chain.forkedAbove(FORK + 1);
    lost.closed(2_870, 30_000, 700, 100, 200);
    Ledger again = Rewound.ledger(store, List.of(FORK, FORK + 1));
    backfill(again, chain);

    assertThat(live(again, RowKind.CLOSES)).containsKey(lost.id());
    assertLikeFresh(again);
  }

  @Test
  void nothingIsRetractedWhereTheChainStayedAsItWas() {
    backfill(Worlds.ledger(store), chain);
    Map<Hash32, SessionRow> opens = live(Worlds.ledger(store), RowKind.OPENS);
    Map<Hash32, SessionRow> closes = live(Worlds.ledger(store), RowKind.CLOSES);

    Backfill.Report report = backfill(Rewound.ledger(store, List.of(FORK)), chain);

    assertThat(report.suspects()).isEqualTo(SuspectReport.NONE);
    assertThat(live(Worlds.ledger(store), RowKind.OPENS)).isEqualTo(opens);
    assertThat(live(Worlds.ledger(store), RowKind.CLOSES)).isEqualTo(closes);
  }

  @Test
  void whatAStaleWriterMergesAfterARewindIsSettledByTheNextScanNearIt() {
    backfill(Worlds.ledger(store), chain);
    Map<Hash32, SessionRow> before = live(Worlds.ledger(store), RowKind.CLOSES);
    reorganise();
    Ledger ledger = Rewound.ledger(store, List.of(FORK));
    backfill(ledger, chain);
    FakeSession unknown = new FakeChain(9_000).open(5, 5, 5, 2_890, 900);
    SessionClose late =
        ((SessionClose) requireNonNull(before.get(gone.id()))).withReading(Reading.at(9_999, 0));

    ledger.rows().merge(List.of(), List.of(late, renamed(late, unknown.id())));
    assertThat(live(ledger, RowKind.CLOSES)).containsKey(unknown.id());
    chain.head(6_100);
    Backfill.Report report =
        backfill(Rewound.ledger(store, List.of(FORK)), chain, 2_970, 3_050, true);

    assertThat(report.suspects().retracted()).isEqualTo(1);
    assertThat(live(ledger, RowKind.CLOSES)).doesNotContainKeys(gone.id(), unknown.id());
  }

  @Test
  void whatAStaleWriterMergesIsSettledByTheNextRefreshOfItsMonth() {
    backfill(Worlds.ledger(store), chain);
    SessionRow before = requireNonNull(live(Worlds.ledger(store), RowKind.CLOSES).get(gone.id()));
    SessionRow opened = requireNonNull(live(Worlds.ledger(store), RowKind.OPENS).get(gone.id()));
    reorganise();
    Ledger ledger = Rewound.ledger(store, List.of(FORK));
    backfill(ledger, chain);
    ledger
        .rows()
        .merge(
            List.of(((SessionOpen) opened).withReading(Reading.at(9_999, 0))),
            List.of(((SessionClose) before).withReading(Reading.at(9_999, 0))));
    // The merge puts the later generation first: what was retracted stays so.
    assertThat(live(ledger, RowKind.CLOSES)).doesNotContainKey(gone.id());
    FakeSession unknown = new FakeChain(9_000).open(5, 5, 5, 2_890, 900);
    ledger
        .rows()
        .merge(
            List.of(),
            List.of(
                renamed(((SessionClose) before).withReading(Reading.at(9_999, 0)), unknown.id())));

    refresh(Rewound.ledger(store, List.of(FORK)));

    assertThat(live(ledger, RowKind.CLOSES)).doesNotContainKey(unknown.id());
    assertThat(ledger.suspects().rows()).isEmpty();
  }

  @Test
  void aRefreshDoesNotTouchRowsWhoseBlocksAreToBeScannedAgain() {
    backfill(Worlds.ledger(store), chain);
    List<String> before = StoredRows.lines(store, "raw/");
    reorganise();

    refresh(Rewound.ledger(store, List.of(FORK)));

    assertThat(StoredRows.lines(store, "raw/"))
        .filteredOn(
            line -> line.contains("\"blockNumber\":29") || line.contains("\"blockNumber\":287"))
        .isNotEmpty()
        .isSubsetOf(before);
  }

  private void refresh(Ledger ledger) {
    new CloseRefresh(Worlds.reader(chain), ledger)
        .run(
            new CloseRefresh.Request(
                List.copyOf(ledger.rows().months(RowKind.CLOSES)), 1_000, 0, false),
            CloseRefresh.Listener.none());
  }

  @Test
  void aKilledRunAndTwoWritersEndInTheSameRows() {
    backfill(Worlds.ledger(store), chain);
    reorganise();
    MemoryObjectStore copy = StoredRows.copy(store);
    backfill(Rewound.ledger(copy, List.of(FORK)), chain);

    for (long until : List.of(2_900L, 2_880L, 2_952L)) {
      Ledger one = Rewound.ledger(store, List.of(FORK));
      backfill(one, chain, FORK + 1, until, true);
      backfill(Rewound.ledger(store, List.of(FORK)), chain, 2_875, 5_000, true);
    }
    backfill(Rewound.ledger(store, List.of(FORK)), chain);

    assertThat(StoredRows.lines(store, "raw/")).isEqualTo(StoredRows.lines(copy, "raw/"));
  }

  @Test
  void aRowMergedByARunThatWasKilledIsRetractedWithoutARewind() {
    chain.head(2_862 + 20);
    backfill(Worlds.ledger(store), chain);
    MemoryObjectStore ahead = StoredRows.copy(store);
    chain.head(2_900);
    backfill(Worlds.ledger(ahead), chain, 2_863, 2_872, false);
    chain.head(6_000);
    Ledger ledger = Worlds.ledger(store);
    Worlds.ledger(ahead)
        .rows()
        .forEachClose(Month.parse("2026-01"), row -> ledger.rows().merge(List.of(), List.of(row)));
    chain.forkedAbove(2_865);
    lost.reopened();

    Backfill.Report report = backfill(ledger, chain);

    assertThat(report.suspects().retracted()).isEqualTo(1);
    backfill(ledger, chain, 1, 10_000, true);
    assertLikeFresh(ledger);
  }

  @Test
  void twoReadingsInTwoMonthsCountOnceUntilTheEvidenceIsThere() {
    backfill(Worlds.ledger(store), chain);
    reorganise();
    Ledger ledger = Rewound.ledger(store, List.of(FORK));
    Mute mute = new Mute(chain);

    Backfill.Report report = backfill(ledger, mute);

    assertThat(report.suspects().retracted()).isZero();
    assertThat(ledger.suspects().rows())
        .filteredOn(row -> row.why() == Suspect.Why.SUPERSEDED)
        .extracting(Suspect::sessionId)
        .containsExactlyInAnyOrder(later.id(), lowerMonth.id());
    assertThat(count(ledger, RowKind.CLOSES, later.id())).isEqualTo(1);
    assertThat(count(ledger, RowKind.OPENS, lowerMonth.id())).isEqualTo(1);
    assertThat(requireNonNull(live(ledger, RowKind.CLOSES).get(later.id())).position().block())
        .isEqualTo(2_890);

    Ledger next = Rewound.ledger(store, List.of(FORK));
    backfill(next, chain, FORK + 1, 6_000, false);
    assertThat(next.suspects().rows()).isEmpty();
    assertLikeFresh(next);
  }

  /** What is stored and published is what a new store would have. */
  private void assertLikeFresh(Ledger ledger) {
    MemoryObjectStore fresh = new MemoryObjectStore();
    Ledger expected = Worlds.ledger(fresh);
    backfill(expected, chain);
    for (RowKind kind : RowKind.values()) {
      assertThat(live(ledger, kind)).isEqualTo(live(expected, kind));
    }
    publish(expected, chain, fresh);
    publish(ledger, chain, store);
    assertThat(documents(store)).isEqualTo(documents(fresh));
  }

  private static Map<String, String> documents(MemoryObjectStore of) {
    Map<String, String> documents = new TreeMap<>(StoreProbe.content(of));
    documents
        .keySet()
        .removeIf(
            key ->
                key.startsWith("raw/")
                    || key.startsWith("state/")
                    || key.startsWith("rollup/performance/"));
    documents.replaceAll((key, hex) -> lasting(new String(HexFormat.of().parseHex(hex), UTF_8)));
    return documents;
  }

  private static void publish(Ledger ledger, ChainReader chain, MemoryObjectStore to) {
    new RollupRun(Worlds.settings(), ledger, RULES, new Publisher(to, attempt -> {}), 1)
        .run(Worlds.reader(chain), PartialCache.none(), Instant.EPOCH);
  }

  private static Backfill.Report backfill(Ledger ledger, ChainReader chain) {
    return backfill(ledger, chain, 1, 10_000, false);
  }

  private static Backfill.Report backfill(
      Ledger ledger, ChainReader chain, long first, long last, boolean rescan) {
    return Worlds.backfill(Worlds.reader(chain), ledger, first, OptionalLong.of(last), rescan);
  }

  /** The rows that count, as if all were read at once. */
  private static Map<Hash32, SessionRow> live(Ledger ledger, RowKind kind) {
    Map<Hash32, SessionRow> rows = new TreeMap<>();
    Reading once = Reading.at(1_000_000, 0);
    for (Month month : ledger.rows().months(kind)) {
      if (kind == RowKind.OPENS) {
        ledger
            .rows()
            .forEachOpen(
                month, row -> rows.put(row.sessionId(), ((SessionOpen) row).withReading(once)));
      } else {
        ledger
            .rows()
            .forEachClose(
                month, row -> rows.put(row.sessionId(), ((SessionClose) row).withReading(once)));
      }
    }
    return rows;
  }

  private static long count(Ledger ledger, RowKind kind, Hash32 session) {
    Set<Month> in = new HashSet<>();
    for (Month month : ledger.rows().months(kind)) {
      if (kind == RowKind.OPENS) {
        ledger.rows().forEachOpen(month, row -> addIf(row, session, month, in));
      } else {
        ledger.rows().forEachClose(month, row -> addIf(row, session, month, in));
      }
    }
    return in.size();
  }

  private static void addIf(SessionRow row, Hash32 session, Month month, Set<Month> in) {
    if (row.sessionId().equals(session)) {
      in.add(month);
    }
  }

  private static SessionClose renamed(SessionClose row, Hash32 id) {
    return new SessionClose(
        id,
        row.user(),
        row.provider(),
        row.bidId(),
        row.modelId(),
        row.modelName(),
        row.openedAt(),
        row.endsAt(),
        row.closedAt(),
        row.stake(),
        row.pricePerSecond(),
        row.paid(),
        row.closeoutType(),
        row.directPayment(),
        row.receipt(),
        row.position(),
        Hash32.fromHex("0x" + "ab".repeat(32)),
        row.reading());
  }
}
