package org.mor.throughput.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.LegacyClose;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.FakeSession;
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

    RefreshReport report = refresh(false, 100);

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

    RefreshReport report = refresh(true, 100);

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

    RefreshReport report = refresh(false, 2);

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

    RefreshReport report = refresh(false, 100);

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

    RefreshReport report = refresh(false, 100);

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
    Backfill backfill = new Backfill(fork, Worlds.settings(), ledger, Patience.none());
    backfill.run(
        backfill.plan(new BackfillRequest(1, OptionalLong.of(500), true)),
        RunBudget.unlimited(),
        ScanListener.none());

    RefreshReport report = refresh(false, 100);

    assertThat(report.unsettled()).isEqualTo(2);
    assertThat(report.read()).isEqualTo(1);
    assertThat(report.unresolved()).isEqualTo(1);
    assertThat(rows()).hasSize(2);
  }

  @Test
  void aRowReadALittleWhileAgoWaitsForItsTurn() {
    chain.open(1, 1, 1, 10, 36_000).closed(100, Bytes.EMPTY, 1, BigInteger.valueOf(5));
    backfill();

    RefreshReport report =
        new CloseRefresh(chain, Worlds.settings(), ledger, Patience.none())
            .run(new RefreshRequest(List.of(JANUARY), 100, 1_800, false), RefreshListener.none());

    assertThat(report.unsettled()).isZero();
    assertThat(report.read()).isZero();
  }

  private void backfill() {
    Backfill backfill = new Backfill(chain, Worlds.settings(), ledger, Patience.none());
    backfill.run(
        backfill.plan(new BackfillRequest(1, OptionalLong.empty(), true)),
        RunBudget.unlimited(),
        ScanListener.none());
  }

  private RefreshReport refresh(boolean dryRun, int limit) {
    return new CloseRefresh(chain, Worlds.settings(), ledger, Patience.none())
        .run(new RefreshRequest(List.of(JANUARY), limit, 0, dryRun), RefreshListener.none());
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
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write((String.join("\n", lines) + "\n").getBytes(UTF_8));
    }
    store.create(
        new ObjectKey("raw/closes/2026-01.ndjson.gz"),
        bytes.toByteArray(),
        ObjectAttributes.PRIVATE_GZIP);
  }
}
