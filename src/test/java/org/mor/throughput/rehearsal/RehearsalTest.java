package org.mor.throughput.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mor.throughput.adapter.rpc.RpcChainReader;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.NetworkId;
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
import org.mor.throughput.store.ObjectInfo;
import org.mor.throughput.store.ObjectKey;
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
  private static final long LEGACY_FROM = 1_764_547_200;
  private static final long LEGACY_UNTIL = 1_769_904_000;

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
              new MetricRules(500, LEGACY_FROM, LEGACY_UNTIL, Set.of()),
              new Publisher(STORE),
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
    assertThat(rows("raw/opens/")).containsExactlyInAnyOrderEntriesOf(RowsTruth.opens(truth));
  }

  @Test
  void everyCloseIsARowThatSaysWhatWasAsked() throws IOException {
    assertThat(rows("raw/closes/")).containsExactlyInAnyOrderEntriesOf(RowsTruth.closes(truth));
  }

  @Test
  void allTimeFiguresAgreeToTheUnit() throws IOException {
    assertFigures(document("summary.json").get("allTime"), session -> true, session -> true);
  }

  @Test
  void everyMonthAgreesToTheUnit() throws IOException {
    JsonNode buckets = document("rollup/monthly.json").get("buckets");
    assertThat(buckets).hasSizeGreaterThan(10);
    for (JsonNode bucket : buckets) {
      String month = bucket.get("bucket").asText();
      assertFigures(
          bucket, s -> month(s, "openedAt").equals(month), s -> month(s, "closedAt").equals(month));
    }
  }

  @Test
  void theLast30DaysAgreeToTheUnit() throws IOException {
    JsonNode summary = document("summary.json");
    long asOf = Instant.parse(summary.get("asOfTime").asText()).getEpochSecond();
    long from = asOf - 30 * 86_400;
    assertFigures(
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
    assertThat(stuck.get("morLocked").decimalValue()).isEqualByComparingTo(mor(locked));
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

  private static void assertFigures(
      JsonNode figures, Predicate<JsonNode> opened, Predicate<JsonNode> closed) {
    List<JsonNode> opens = new ArrayList<>();
    List<JsonNode> closes = new ArrayList<>();
    for (JsonNode session : truth.get("sessions")) {
      if (opened.test(session)) {
        opens.add(session);
      }
      if (session.has("closedAt") && closed.test(session)) {
        closes.add(session);
      }
    }
    List<JsonNode> seven =
        closes.stream().filter(s -> RowsTruth.format(s).equals("seven-field")).toList();
    List<JsonNode> legacy = closes.stream().filter(RehearsalTest::isEstimated).toList();
    assertWhole(figures, "sessionsOpened", opens.size());
    assertWhole(figures, "sessionsClosed", closes.size());
    assertWhole(
        figures, "sessionsDisputed", count(closes, s -> s.get("closeoutType").asInt() == 1));
    assertWhole(
        figures,
        "sessionsClosedEarly",
        count(closes, s -> s.get("closedAt").asLong() < s.get("endsAt").asLong()));
    assertWhole(figures, "sessionsWithTokens", seven.size());
    assertWhole(figures, "sessionsLegacyEst", legacy.size());
    assertWhole(figures, "sessionsMissingTokens", closes.size() - seven.size() - legacy.size());
    assertWhole(figures, "sessionsIdle", count(seven, s -> tokens(s) == 0));
    assertWhole(figures, "inputTokens", sum(seven, s -> s.get("inTok").asLong()));
    assertWhole(figures, "outputTokens", sum(seven, s -> s.get("outTok").asLong()));
    assertWhole(figures, "tokensReceipt", sum(seven, RehearsalTest::tokens));
    assertWhole(figures, "sessionSeconds", sum(closes, RowsTruth::seconds));
    BigDecimal estimate =
        BigDecimal.valueOf(
            sum(legacy, s -> Math.min(s.get("tps").asLong(), 500_000) * RowsTruth.seconds(s)), 3);
    assertThat(figures.get("tokensLegacyEst").decimalValue()).isEqualByComparingTo(estimate);
    assertThat(figures.get("tokens").decimalValue())
        .isEqualByComparingTo(estimate.add(BigDecimal.valueOf(sum(seven, RehearsalTest::tokens))));
    assertQuality(figures, closes);
    assertDistinct(figures, closes);
    assertMor(figures, closes);
  }

  private static void assertQuality(JsonNode figures, List<JsonNode> closes) {
    List<Long> tps = samples(closes, "tps");
    List<Long> ttft = samples(closes, "ttft");
    assertWhole(figures, "tpsSamples", tps.size());
    assertWhole(figures, "ttftSamples", ttft.size());
    if (tps.isEmpty()) {
      assertThat(figures.get("avgTps").isNull()).isTrue();
      assertThat(figures.get("tpsP50").isNull()).isTrue();
    } else {
      BigDecimal mean =
          BigDecimal.valueOf(tps.stream().mapToLong(x -> x).sum())
              .divide(BigDecimal.valueOf(1_000L * tps.size()), 3, RoundingMode.HALF_EVEN);
      assertThat(figures.get("avgTps").decimalValue()).isEqualByComparingTo(mean);
      for (int percent : new int[] {50, 95, 99}) {
        double exact = tps.get(rank(tps.size(), percent)) / 1000.0;
        assertThat(figures.get("tpsP" + percent).doubleValue())
            .isBetween(exact * 0.99 - 0.001, exact * 1.01 + 0.001);
      }
    }
  }

  private static int rank(int samples, int percent) {
    return (percent * samples + 99) / 100 - 1;
  }

  private static List<Long> samples(List<JsonNode> closes, String field) {
    return closes.stream()
        .filter(s -> s.get("closeoutType").asInt() == 0 && s.get(field).asLong() > 0)
        .map(s -> s.get(field).asLong())
        .sorted()
        .toList();
  }

  private static void assertDistinct(JsonNode figures, List<JsonNode> closes) {
    for (Map.Entry<String, String> field :
        Map.of("uniqueUsers", "user", "uniqueProviders", "provider", "uniqueModels", "modelId")
            .entrySet()) {
      Set<String> distinct = new HashSet<>();
      closes.forEach(s -> distinct.add(RowsTruth.text(s, field.getValue())));
      assertWhole(figures, field.getKey(), distinct.size());
    }
  }

  private static void assertMor(JsonNode figures, List<JsonNode> closes) {
    BigInteger stake = BigInteger.ZERO;
    BigInteger paid = BigInteger.ZERO;
    BigInteger earned = BigInteger.ZERO;
    for (JsonNode s : closes) {
      stake = stake.add(RowsTruth.wei(s, "stake"));
      paid = paid.add(RowsTruth.wei(s.get("final"), "paid"));
      earned =
          earned.add(RowsTruth.wei(s, "price").multiply(BigInteger.valueOf(RowsTruth.seconds(s))));
    }
    assertThat(figures.get("morStake").decimalValue()).isEqualByComparingTo(mor(stake));
    assertThat(figures.get("morPaid").decimalValue()).isEqualByComparingTo(mor(paid));
    assertThat(figures.get("morEarned").decimalValue()).isEqualByComparingTo(mor(earned));
  }

  private static BigDecimal mor(BigInteger wei) {
    return new BigDecimal(wei, 18).setScale(6, RoundingMode.HALF_EVEN);
  }

  private static boolean isEstimated(JsonNode s) {
    long closedAt = s.get("closedAt").asLong();
    return RowsTruth.format(s).equals("five-field")
        && s.get("tps").asLong() > 0
        && closedAt >= LEGACY_FROM
        && closedAt < LEGACY_UNTIL;
  }

  private static long tokens(JsonNode s) {
    return s.get("inTok").asLong() + s.get("outTok").asLong();
  }

  private static long count(List<JsonNode> sessions, Predicate<JsonNode> which) {
    return sessions.stream().filter(which).count();
  }

  private static long sum(List<JsonNode> sessions, ToLongFunction<JsonNode> of) {
    return sessions.stream().mapToLong(of).sum();
  }

  private static void assertWhole(JsonNode figures, String field, long expected) {
    assertThat(figures.get(field).asLong()).as(field).isEqualTo(expected);
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

  /** All rows below a prefix by session id, without the fields that the truth does not know. */
  private static Map<String, Map<String, String>> rows(String prefix) throws IOException {
    Map<String, Map<String, String>> rows = new TreeMap<>();
    for (ObjectInfo info : STORE.list(prefix)) {
      byte[] body = STORE.find(info.key()).orElseThrow().body();
      try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
        String lines = new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
        for (String line : lines.lines().toList()) {
          Map<String, String> row = new TreeMap<>();
          JSON.readTree(line).properties().forEach(f -> row.put(f.getKey(), f.getValue().asText()));
          assertThat(Long.parseLong(row.remove("logIndex"))).isNotNegative();
          row.remove("modelName");
          row.remove("readAtBlock");
          rows.put(row.get("sessionId"), row);
        }
      }
    }
    return rows;
  }
}
