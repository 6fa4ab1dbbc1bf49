package org.mor.throughput.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.CloseRow.LegacyClose;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.FakeSession;
import org.mor.throughput.testing.Rewound;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.Worlds;

class CloseRefreshTest {
  private static final Month JANUARY = Month.parse("2026-01");

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final Ledger ledger = Worlds.ledger(store);
  private final FakeChain chain = new FakeChain(1_000);

  @Test
  void rowsOfTheEarlierIndexerBecomeRowsOfToday() throws IOException {
    FakeSession withBlock = chain.open(1, 1, 1, 10, 36_000).closed(100, 31_000, 500, 7, 9);
    FakeSession withoutBlock = chain.open(2, 1, 2, 20, 36_000).closed(200, 32_000, 600, 8, 10);
    writeLegacy(
        legacy(
            withBlock, 100, ",\"blockNumber\":100,\"stake\":1.5,\"tokensEst\":12.5,\"tps\":31.0"),
        legacy(withoutBlock, 200, ",\"inputTokens\":null"));

    CloseRefresh.Report report = refresh(false, 100);

    assertThat(report.legacy()).isEqualTo(2);
    assertThat(report.read()).isEqualTo(2);
    assertThat(report.changed()).isEqualTo(2);
    assertThat(report.unresolved()).isZero();
    assertThat(rows()).allSatisfy(row -> assertThat(row).isInstanceOf(SessionClose.class));
    assertThat(((SessionClose) rows().get(0)).receipt().outputTokens()).hasValue(9);
    assertThat(((SessionClose) rows().get(1)).position().block()).isEqualTo(200);
  }

  @Test
  void aDryRunReadsAndCountsButWritesNothing() throws IOException {
    FakeSession session = chain.open(1, 1, 1, 10, 36_000).closed(100, 31_000, 500, 7, 9);
    writeLegacy(legacy(session, 100, ""));
    var before = StoreProbe.content(store);

    CloseRefresh.Report report = refresh(true, 100);

    assertThat(report.read()).isEqualTo(1);
    assertThat(report.changed()).isZero();
    assertThat(StoreProbe.content(store)).isEqualTo(before);
  }

  @Test
  void theLimitHoldsOverAllMonths() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      lines.add(
          legacy(chain.open(1, 1, 1, 10 + i, 36_000).closed(100 + i, 1, 1, 1, 1), 100 + i, ""));
    }
    writeLegacy(lines.toArray(String[]::new));

    CloseRefresh.Report report = refresh(false, 2);

    assertThat(report.legacy()).isEqualTo(5);
    assertThat(report.changed()).isEqualTo(2);
    assertThat(rows().stream().filter(LegacyClose.class::isInstance)).hasSize(3);
    assertThat(refresh(false, 100).changed()).isEqualTo(3);
    assertThat(refresh(false, 100).legacy()).isZero();
  }

  @Test
  void aRowWithoutItsEventIsLeftAsItIs() throws IOException {
    FakeSession unknown = new FakeChain(9).open(6, 3, 4, 1, 36_000);
    FakeSession known = chain.open(1, 1, 1, 10, 36_000).closed(100, 31_000, 500, 7, 9);
    writeLegacy(legacy(known, 100, ""), legacy(unknown, 300, ",\"blockNumber\":\"nonsense\""));

    CloseRefresh.Report report = refresh(false, 100);

    assertThat(report.unresolved()).isEqualTo(1);
    assertThat(report.changed()).isEqualTo(1);
    assertThat(rows()).hasSize(2);
    assertThat(rows().stream().filter(LegacyClose.class::isInstance)).hasSize(1);
  }

  @Test
  void unsettledRowsAreReadAgainUntilTheProviderHasItsPay() {
    FakeSession session = chain.open(1, 1, 1, 10, 36_000);
    session.closed(100, Bytes.EMPTY, 1, BigInteger.valueOf(5)).claimed(500, BigInteger.valueOf(77));
    chain.open(1, 1, 1, 11, 36_000).closed(101, 31_000, 500, 7, 9);
    chain.head(400);
    backfill();
    assertThat(((SessionClose) rows().get(0)).paid()).isEqualTo(Wei.of(5));
    chain.head(1_000);

    CloseRefresh.Report report = refresh(false, 100);

    assertThat(report.unsettled()).isEqualTo(1);
    assertThat(report.changed()).isEqualTo(1);
    assertThat(((SessionClose) rows().get(0)).paid()).isEqualTo(Wei.of(77));
    assertThat(((SessionClose) rows().get(0)).readAtBlock()).isEqualTo(980);
  }

  @Test
  void aStoredCloseThatTheChainDoesNotKnowIsCountedAndHoldsNobodyUp() {
    chain.open(1, 1, 1, 10, 36_000).closed(100, Bytes.EMPTY, 1, BigInteger.valueOf(5));
    FakeChain fork = new FakeChain(600);
    fork.open(1, 1, 1, 10, 36_000).closed(100, Bytes.EMPTY, 1, BigInteger.valueOf(5));
    fork.open(6, 3, 4, 11, 36_000).closed(101, Bytes.EMPTY, 1, BigInteger.ONE);
    Worlds.backfill(Worlds.reader(fork), ledger, 1, OptionalLong.of(500), true);

    CloseRefresh.Report report = refresh(false, 100);

    assertThat(report.unsettled()).isEqualTo(2);
    assertThat(report.read()).isEqualTo(1);
    assertThat(report.unresolved()).isEqualTo(1);
    assertThat(rows()).hasSize(2);
  }

  @Test
  void aStoredCloseWhoseSessionIsOpenIsNamedAndTheOthersAreRefreshed() {
    FakeSession open = chain.open(1, 1, 1, 10, 36_000);
    chain.open(2, 1, 1, 11, 36_000).closed(101, Bytes.EMPTY, 1, BigInteger.ONE);
    FakeChain fork = new FakeChain(600);
    fork.open(1, 1, 1, 10, 36_000).closed(100, Bytes.EMPTY, 1, BigInteger.valueOf(5));
    fork.open(2, 1, 1, 11, 36_000).closed(101, Bytes.EMPTY, 1, BigInteger.ONE);
    backfill(fork);

    CloseRefresh.Report report = refresh(false, 100);

    assertThat(report.changed()).isEqualTo(1);
    assertThat(report.unresolved()).isEqualTo(1);
    assertThat(report.named())
        .containsExactly(
            new CloseRefresh.Unresolved(
                open.id(), JANUARY, "the contract says at block 980 that it is open"));
    assertThat(rows()).hasSize(2);
  }

  @Test
  void aRefreshAfterARewindSaysWhatItRetracted() {
    FakeSession session = chain.open(1, 1, 1, 10, 36_000);
    session.closed(100, Bytes.EMPTY, 1, BigInteger.valueOf(5));
    chain.head(400);
    backfill();
    chain.head(1_000);
    chain.forkedAbove(50);
    session.reopened();
    Ledger rewound = Rewound.ledger(store, List.of(50L));
    Worlds.backfill(Worlds.reader(new Mute(chain)), rewound, 1, OptionalLong.empty(), false);

    CloseRefresh.Report report = refresh(Rewound.ledger(store, List.of(50L)), 100);

    assertThat(report.suspects()).isEqualTo(new SuspectReport(0, 0, 1, 0, List.of()));
    assertThat(rows()).allMatch(row -> ((SessionClose) row).reading().retracted());
  }

  @Test
  void aRowThatContradictsTheChainIsNamedAmongManyThatAreRefreshed() {
    FakeChain fork = new FakeChain(900);
    for (int i = 0; i < 40; i++) {
      chain.open(i % 5, 1, 1, 10 + i, 36_000).closed(100 + i, Bytes.EMPTY, 1, BigInteger.ONE);
      fork.open(i % 5, 1, 1, 10 + i, 36_000).closed(100 + i, Bytes.EMPTY, 1, BigInteger.ONE);
    }
    FakeSession moved = chain.open(3, 3, 1, 60, 36_000).closed(200, Bytes.EMPTY, 1, BigInteger.ONE);
    fork.open(3, 3, 1, 60, 36_000).closed(200, Bytes.EMPTY, 1, BigInteger.ONE);
    backfill(fork);
    // The session's bid is another provider's now: the row does not fit the chain any more.
    chain.rebid(moved, 2);

    CloseRefresh.Report report = refresh(false, 100);

    assertThat(report.changed()).isEqualTo(40);
    assertThat(report.unresolved()).isEqualTo(1);
    assertThat(report.named().get(0).sessionId()).isEqualTo(moved.id());
    assertThat(report.named().get(0).why()).contains("the contract's state names");
  }

  @Test
  void anOldRowWhoseLogsArePrunedIsNamedAndTheOthersAreRefreshed() throws IOException {
    FakeChain pruned =
        new FakeChain(4_000) {
          @Override
          public LogSlice logs(LogQuery query) {
            if (query.range().first() < 300) {
              throw new ChainUnavailableException("history before block 300 is pruned");
            }
            return super.logs(query);
          }
        };
    List<String> lines = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      int block = 60 * i;
      lines.add(legacy(pruned.open(1, 1, 1, 10, 36_000).closed(block, 1, 1, 1, 1), block, ""));
    }
    writeLegacy(lines.toArray(String[]::new));

    CloseRefresh.Report report =
        new CloseRefresh(Worlds.reader(pruned), ledger)
            .run(
                new CloseRefresh.Request(List.of(JANUARY), 100, 0, false),
                CloseRefresh.Listener.none());

    assertThat(report.changed()).isEqualTo(6);
    assertThat(report.unresolved()).isEqualTo(4);
    assertThat(report.named()).allMatch(row -> row.why().contains("pruned"));
    assertThat(left()).isEqualTo(4);
  }

  @Test
  void aChainThatDoesNotAnswerAtAllFailsTheRefreshAtOnce() throws IOException {
    FakeSession session = chain.open(1, 1, 1, 10, 36_000).closed(100, 31_000, 500, 7, 9);
    writeLegacy(legacy(session, 100, ""));
    FakeChain dead =
        new FakeChain(1_000) {
          @Override
          protected void beforeAnswer() {
            super.beforeAnswer();
            if (asked() > 1) {
              throw new ChainUnavailableException("the endpoint is gone");
            }
          }
        };

    assertThatThrownBy(
            () ->
                new CloseRefresh(Worlds.reader(dead), ledger)
                    .run(
                        new CloseRefresh.Request(List.of(JANUARY), 100, 0, false),
                        CloseRefresh.Listener.none()))
        .isInstanceOf(ChainUnavailableException.class);
    assertThat(dead.asked()).isLessThan(6);
  }

  @Test
  void aFloodOfRowsThatCannotBeSettledNamesAFewAndCountsAll() {
    FakeChain fork = new FakeChain(900);
    for (int i = 0; i < 50; i++) {
      chain.open(1, 1, 1, 10 + i, 36_000);
      fork.open(1, 1, 1, 10 + i, 36_000).closed(100 + i, Bytes.EMPTY, 1, BigInteger.ONE);
    }
    backfill(fork);

    CloseRefresh.Report report = refresh(false, 100);

    assertThat(report.unresolved()).isEqualTo(50);
    assertThat(report.named()).hasSize(CloseRefresh.MOST_NAMED);
  }

  @Test
  void aRowThatCannotBeSettledIsTriedEverMoreRarely() {
    chain.open(1, 1, 1, 10, 36_000);
    FakeChain fork = new FakeChain(600);
    fork.open(1, 1, 1, 10, 36_000).closed(100, Bytes.EMPTY, 1, BigInteger.ONE);
    backfill(fork);
    List<Integer> triesOfEachHundredRuns = new ArrayList<>();
    long block = 2_600;
    for (int hundred = 0; hundred < 20; hundred++) {
      int tries = 0;
      for (int run = 0; run < 100; run++, block += 450) {
        chain.head(block);
        tries += (int) refresh(1_800).unresolved();
      }
      triesOfEachHundredRuns.add(tries);
    }

    assertThat(triesOfEachHundredRuns.get(0)).as("of a young row").isGreaterThan(40);
    // At an age of 20 x 45,000 blocks about one run in sixty tries it.
    assertThat(triesOfEachHundredRuns.subList(10, 20).stream().mapToInt(n -> n).sum())
        .as("of an old row, in a thousand runs")
        .isBetween(5, 60);
  }

  @Test
  void anUnsettledRowIsReadAfterAnHourSixADayAndAWeekAndThenWeekly() {
    chain.open(1, 1, 1, 10, 36_000).closed(100, Bytes.EMPTY, 1, BigInteger.valueOf(5));
    backfill();
    List<Long> hours = new ArrayList<>();
    for (long block = 1_000; block < 22 * 24 * 1_800; block += 450) {
      chain.head(block);
      if (refresh(1_800).read() > 0) {
        hours.add((rows().get(0).readAtBlock() - 100) / 1_800);
      }
    }

    assertThat(hours).hasSize(6);
    long[] due = {1, 6, 24, 168, 336, 504};
    long[] latest = {2, 7, 40, 240, 420, 560};
    for (int i = 0; i < due.length; i++) {
      assertThat(hours.get(i)).isBetween(due[i], latest[i]);
    }
  }

  @Test
  void aRowReadALittleWhileAgoWaitsForItsTurn() {
    chain.open(1, 1, 1, 10, 36_000).closed(100, Bytes.EMPTY, 1, BigInteger.valueOf(5));
    backfill();

    CloseRefresh.Report report =
        new CloseRefresh(Worlds.reader(chain), ledger)
            .run(
                new CloseRefresh.Request(List.of(JANUARY), 100, 1_800, false),
                CloseRefresh.Listener.none());

    assertThat(report.unsettled()).isZero();
    assertThat(report.read()).isZero();
  }

  @Test
  void aRefreshStopsBetweenRowsWhenItsTimeIsUpAndKeepsWhatItDid() throws IOException {
    writeLegacy(searchedRows(80));

    CloseRefresh.Report report = refresh(() -> chain.asked() < 250, CloseRefresh.Listener.none());

    assertThat(report.isCutShort()).isTrue();
    assertThat(chain.asked()).isBetween(250, 300);
    assertThat(report.changed()).isBetween(10L, 79L);
    assertThat(report.unresolved()).isZero();
    assertThat(rows().stream().filter(LegacyClose.class::isInstance))
        .hasSize((int) (80 - report.changed()));
    CloseRefresh.Report rest = refresh(RunBudget.unlimited(), CloseRefresh.Listener.none());
    assertThat(rest.isCutShort()).isFalse();
    assertThat(report.changed() + rest.changed()).isEqualTo(80);
  }

  @Test
  void whereThereIsNoTimeAtAllNothingIsLookedInto() throws IOException {
    writeLegacy(searchedRows(3));

    CloseRefresh.Report report = refresh(() -> false, CloseRefresh.Listener.none());

    assertThat(report.isCutShort()).isTrue();
    assertThat(report.legacy()).isZero();
    assertThat(rows()).allSatisfy(row -> assertThat(row).isInstanceOf(LegacyClose.class));
  }

  @Test
  void rowsThatMustBeSearchedAreMergedFiftyAtATime() throws IOException {
    writeLegacy(searchedRows(80));
    List<Long> merged = new ArrayList<>();
    List<Long> stored = new ArrayList<>();

    refresh(
        RunBudget.unlimited(),
        (month, done, chosen) -> {
          merged.add(done);
          stored.add(rows().stream().filter(SessionClose.class::isInstance).count());
        });

    assertThat(merged).containsExactly(50L, 80L);
    assertThat(stored).containsExactly(50L, 80L);
  }

  @Test
  void everyOldRowGetsItsTurnBehindOnesThatCannotBeResolved() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      FakeSession silent = chain.open(2, 1, 1, 10, 36_000).settledWithoutEvent(50 + i);
      lines.add(legacy(silent, 50 + i, ""));
    }
    FakeChain other = new FakeChain(9);
    for (int i = 0; i < 30; i++) {
      lines.add(legacy(other.open(6, 3, 4, 1, 36_000), 100 + i, ""));
    }
    for (int i = 0; i < 5; i++) {
      lines.add(legacy(chain.open(1, 1, 1, 10, 36_000).closed(900 + i, 1, 1, 1, 1), 900 + i, ""));
    }
    writeLegacy(lines.toArray(String[]::new));

    for (int runs = 0; runs < 50 && left() > 60; runs++) {
      chain.head(1_000 + 450L * runs);
      CloseRefresh.Report report = refresh(false, 10);
      assertThat(report.changed() + report.unresolved()).isEqualTo(10);
    }

    assertThat(left()).isEqualTo(60);
  }

  @Test
  void aLostRaceIsCounted() throws IOException {
    boolean counted = false;
    for (int step = 1; step < 10 && !counted; step++) {
      MemoryObjectStore shared = new MemoryObjectStore();
      FakeSession ours = chain.open(1, 1, 1, 10, 36_000).closed(100, 31_000, 500, 7, 9);
      FakeSession theirs = chain.open(2, 1, 1, 10, 36_000).closed(200, 31_000, 500, 7, 9);
      writeLegacy(shared, legacy(ours, 100, ""), legacy(theirs, 200, ""));
      int raced = step;
      StoreProbe probe =
          new StoreProbe(
              shared,
              operation -> {
                if (operation == raced) {
                  refresh(Worlds.ledger(shared), 100);
                }
              },
              operation -> {});
      CloseRefresh.Report report = refresh(Worlds.ledger(probe), 100);
      counted = report.conflicts() == 1;
    }
    assertThat(counted).isTrue();
  }

  /** So many closes that only a search by their time finds, on a chain that gives few blocks. */
  private String[] searchedRows(int count) {
    chain.head(4_000).window(10);
    List<String> lines = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      int block = 30 * i;
      lines.add(legacy(chain.open(1, 1, 1, 10, 36_000).closed(block, 1, 1, 1, 1), block, ""));
    }
    return lines.toArray(String[]::new);
  }

  private long left() {
    return rows().stream().filter(LegacyClose.class::isInstance).count();
  }

  private CloseRefresh.Report refresh(long minAgeBlocks) {
    return new CloseRefresh(Worlds.reader(chain), ledger)
        .run(
            new CloseRefresh.Request(List.of(JANUARY), 100, minAgeBlocks, false),
            CloseRefresh.Listener.none());
  }

  private void backfill() {
    backfill(chain);
  }

  private void backfill(FakeChain from) {
    Worlds.backfill(Worlds.reader(from), ledger, 1, OptionalLong.empty(), true);
  }

  private CloseRefresh.Report refresh(RunBudget budget, CloseRefresh.Listener listener) {
    return new CloseRefresh(Worlds.reader(chain), ledger)
        .run(new CloseRefresh.Request(List.of(JANUARY), 200, 0, false), budget, listener);
  }

  private CloseRefresh.Report refresh(Ledger of, int limit) {
    return new CloseRefresh(Worlds.reader(chain), of)
        .run(
            new CloseRefresh.Request(List.of(JANUARY), limit, 0, false),
            CloseRefresh.Listener.none());
  }

  private CloseRefresh.Report refresh(boolean dryRun, int limit) {
    return new CloseRefresh(Worlds.reader(chain), ledger)
        .run(
            new CloseRefresh.Request(List.of(JANUARY), limit, 0, dryRun),
            CloseRefresh.Listener.none());
  }

  private List<CloseRow> rows() {
    List<CloseRow> rows = new ArrayList<>();
    ledger.rows().forEachClose(JANUARY, rows::add);
    return rows;
  }

  private static String legacy(FakeSession session, long closeBlock, String more) {
    return "{\"sessionId\":\"%s\",\"closedAt\":%d%s}"
        .formatted(session.id(), FakeChain.time(closeBlock), more);
  }

  private void writeLegacy(String... lines) throws IOException {
    writeLegacy(store, lines);
  }

  private static void writeLegacy(ObjectStore to, String... lines) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write((String.join("\n", lines) + "\n").getBytes(UTF_8));
    }
    to.create(
        new ObjectKey("raw/closes/2026-01.ndjson.gz"),
        bytes.toByteArray(),
        ObjectAttributes.PRIVATE_GZIP);
  }
}
