package org.mor.throughput.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** Works published figures out from what was asked of the contract, and compares. */
final class FiguresTruth {
  static final long LEGACY_FROM = 1_764_547_200;
  static final long LEGACY_UNTIL = 1_769_904_000;

  private final JsonNode truth;

  FiguresTruth(JsonNode truth) {
    this.truth = truth;
  }

  /** Compares all metrics of a bucket or a window that holds these opens and these closes. */
  void assertAgree(JsonNode figures, Predicate<JsonNode> opened, Predicate<JsonNode> closed) {
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
    List<JsonNode> legacy = closes.stream().filter(FiguresTruth::isEstimated).toList();
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
    assertWhole(figures, "tokensReceipt", sum(seven, FiguresTruth::tokens));
    assertWhole(figures, "sessionSeconds", sum(closes, RowsTruth::seconds));
    BigDecimal estimate =
        BigDecimal.valueOf(
            sum(legacy, s -> Math.min(s.get("tps").asLong(), 500_000) * RowsTruth.seconds(s)), 3);
    assertThat(figures.get("tokensLegacyEst").decimalValue()).isEqualByComparingTo(estimate);
    assertThat(figures.get("tokens").decimalValue())
        .isEqualByComparingTo(estimate.add(BigDecimal.valueOf(sum(seven, FiguresTruth::tokens))));
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

  static BigDecimal mor(BigInteger wei) {
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
}
