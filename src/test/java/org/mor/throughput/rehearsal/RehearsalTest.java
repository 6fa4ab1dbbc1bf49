package org.mor.throughput.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mor.throughput.adapter.rpc.RpcChainReader;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.chain.Address;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.BackfillRequest;
import org.mor.throughput.index.Confirmation;
import org.mor.throughput.index.IndexSettings;
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
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.testing.ReplayNode;

/**
 * The recorded answers of the real contract, indexed over HTTP, against what was asked of the
 * contract: every row field by field, and the documents' figures worked out from the truth alone.
 */
class RehearsalTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Address DIAMOND =
      Address.fromHex("0x6aBE1d282f72B474E54527D93b979A4f64d3030a");
  private static final long START = 37_000_000;

  private static final MemoryObjectStore STORE = new MemoryObjectStore();
  private static JsonNode truth;
  private static long requests;

  @BeforeAll
  static void index() throws IOException, InterruptedException {
    truth = ReplayNode.truth();
    try (ReplayNode node = ReplayNode.start("--max-range", "2000")) {
      RpcChainReader chain = RpcChainReader.open(List.of(node.url()), 8453);
      IndexSettings settings =
          new IndexSettings(
              "base",
              8453,
              new Diamond(DIAMOND),
              OptionalLong.of(START),
              Confirmation.BLOCKS,
              20,
              200,
              4_000,
              200);
      Ledger ledger =
          new Ledger(
              STORE,
              UserPrivacy.plain(),
              CommitRetry.none(),
              new NetworkId("base", DIAMOND),
              new Ledger.Run("rehearsal", () -> Instant.EPOCH));
      Backfill backfill = new Backfill(chain, settings, ledger, Patience.none());
      backfill.run(
          backfill.plan(new BackfillRequest(START, OptionalLong.empty(), false)),
          RunBudget.unlimited(),
          ScanListener.none());
      requests = node.httpRequests();
      new RollupRun(
              settings,
              ledger,
              new MetricRules(500, FiguresTruth.LEGACY_FROM, FiguresTruth.LEGACY_UNTIL, Set.of()),
              new Publisher(STORE, attempt -> {}),
              2)
          .run(chain, Patience.none(), PartialCache.none(), Instant.EPOCH);
    }
  }

  @AfterAll
  static void forget() {
    truth = JSON.nullNode();
  }

  @Test
  void aBackfillOfTheRecordingNeedsFewRequests() {
    assertThat(requests).isBetween(10L, 60L);
  }

  @Test
  void everyOpenIsARowThatSaysWhatWasAsked() throws IOException {
    assertThat(RowsTruth.stored(STORE, "raw/opens/"))
        .containsExactlyInAnyOrderEntriesOf(RowsTruth.opens(truth));
  }

  @Test
  void everyCloseIsARowThatSaysWhatWasAsked() throws IOException {
    assertThat(RowsTruth.stored(STORE, "raw/closes/"))
        .containsExactlyInAnyOrderEntriesOf(RowsTruth.closes(truth));
  }

  @Test
  void allTimeFiguresAgreeToTheUnit() throws IOException {
    figures()
        .assertAgree(document("summary.json").get("allTime"), session -> true, session -> true);
  }

  @Test
  void everyMonthAgreesToTheUnit() throws IOException {
    JsonNode buckets = document("rollup/monthly.json").get("buckets");
    assertThat(buckets).hasSizeGreaterThan(10);
    for (JsonNode bucket : buckets) {
      String month = bucket.get("bucket").asText();
      figures()
          .assertAgree(
              bucket,
              s -> month(s, "openedAt").equals(month),
              s -> month(s, "closedAt").equals(month));
    }
  }

  @Test
  void theLast30DaysAgreeToTheUnit() throws IOException {
    JsonNode summary = document("summary.json");
    long asOf = Instant.parse(summary.get("asOfTime").asText()).getEpochSecond();
    long from = asOf - 30 * 86_400;
    figures()
        .assertAgree(
            summary.get("last30d"),
            s -> s.get("openedAt").asLong() > from && s.get("openedAt").asLong() <= asOf,
            s -> s.get("closedAt").asLong() > from && s.get("closedAt").asLong() <= asOf);
  }

  @Test
  void whatIsStuckIsWhatWasNeverClosedAndHasEnded() throws IOException {
    JsonNode stuck = document("stuck-sessions.json");
    long asOf = Instant.parse(stuck.get("asOfTime").asText()).getEpochSecond();
    BigInteger locked = BigInteger.ZERO;
    long expired = 0;
    for (JsonNode session : truth.get("sessions")) {
      if (!session.has("closedAt") && session.get("endsAt").asLong() < asOf) {
        expired++;
        locked = locked.add(RowsTruth.wei(session, "stake"));
      }
    }
    assertThat(expired).isPositive();
    assertThat(stuck.get("stuckExpired").asLong()).isEqualTo(expired);
    assertThat(stuck.get("morLocked").decimalValue())
        .isEqualByComparingTo(FiguresTruth.mor(locked));
    assertThat(stuck.get("closedWithoutEvent").asLong()).isZero();
    assertThat(document("summary.json").get("stuckExpired").asLong()).isEqualTo(expired);
  }

  @Test
  void noPublishedByteNamesAUserASessionOrATransaction() {
    StringBuilder published = new StringBuilder();
    for (ObjectInfo info : STORE.list("")) {
      if (!info.key().value().startsWith("raw/") && !info.key().value().startsWith("state/")) {
        published.append(text(info.key()));
      }
    }
    for (JsonNode session : truth.get("sessions")) {
      for (String secret : List.of("id", "user", "openTx", "bidId")) {
        assertThat(published.indexOf(RowsTruth.text(session, secret)))
            .as("%s of a session", secret)
            .isNegative();
      }
    }
  }

  private static FiguresTruth figures() {
    return new FiguresTruth(truth);
  }

  private static String month(JsonNode session, String field) {
    return Instant.ofEpochSecond(session.get(field).asLong()).toString().substring(0, 7);
  }

  private static JsonNode document(String key) throws IOException {
    return JSON.readTree(STORE.find(new ObjectKey(key)).orElseThrow().body());
  }

  private static String text(ObjectKey key) {
    return new String(STORE.find(key).orElseThrow().body(), StandardCharsets.UTF_8);
  }
}
