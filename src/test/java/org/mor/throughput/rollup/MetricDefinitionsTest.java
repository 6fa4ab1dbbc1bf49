package org.mor.throughput.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.FIVE_FIELD;
import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.UNRECOGNIZED;
import static org.mor.throughput.rollup.CloseBuilder.closeAt;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.publish.PublishedFields;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserId;

/** What each published figure means, by the smallest rows that show it. */
class MetricDefinitionsTest {
  private static final long LEGACY_FROM = 1_764_547_200;
  private static final long LEGACY_UNTIL = 1_769_904_000;
  private static final long LEGACY_TIME = LEGACY_FROM + 86400;
  private static final long NOW = 1_780_000_000;
  private static final long U32 = (1L << 32) - 1;

  @Test
  void opensAreCountedByThemselves() {
    ListedRows rows =
        new ListedRows(List.of(CloseBuilder.open(1, NOW - 5, NOW, 1, Wei.ZERO)), List.of());
    assertFigures(compute(rows, Set.of()), "sessionsOpened=1 sessionsClosed=0");
  }

  @Test
  void disputedAndEarlyClosesAreClosesToo() {
    assertFigures(
        of(closeAt(NOW).disputed(true), closeAt(NOW).early(true), closeAt(NOW)),
        "sessionsClosed=3 sessionsDisputed=1 sessionsClosedEarly=1");
  }

  @Test
  void sevenFieldClosesCountWithTheirTokensAlsoWhenThereAreNone() {
    assertFigures(
        of(closeAt(NOW).seven(1, 1, 10, 5), closeAt(NOW).seven(0, 0, 0, 0)),
        "sessionsWithTokens=2 sessionsIdle=1 inputTokens=10 outputTokens=5 tokensReceipt=15"
            + " tokens=15");
  }

  @Test
  void fiveFieldClosesInTheLegacyWindowAreEstimatedWithTheClamp() {
    assertFigures(
        of(
            closeAt(LEGACY_TIME).duration(7).shorter(FIVE_FIELD, 1_501, 0),
            closeAt(LEGACY_TIME).duration(2).shorter(FIVE_FIELD, 900_000, 0),
            closeAt(LEGACY_FROM).duration(1).shorter(FIVE_FIELD, 1000, 0)),
        "sessionsLegacyEst=3 tokensLegacyEst=1011.507 tokens=1011.507 tokensReceipt=0");
  }

  @Test
  void everyOtherCloseMissesItsTokens() {
    assertFigures(
        of(
            closeAt(LEGACY_UNTIL).shorter(FIVE_FIELD, 1000, 5),
            closeAt(LEGACY_FROM - 1).shorter(FIVE_FIELD, 1000, 5),
            closeAt(LEGACY_TIME).shorter(FIVE_FIELD, 0, 5),
            closeAt(LEGACY_TIME).shorter(UNRECOGNIZED, 1000, 5),
            closeAt(NOW)),
        "sessionsMissingTokens=5 tokens=0");
  }

  @Test
  void anOldRowThatCarriesTotalsHasTokens() {
    assertFigures(of(closeAt(NOW).carried(3, 4)), "sessionsWithTokens=1 tokensReceipt=7");
  }

  @Test
  void disputedTokensAreAPartOfAllTokensReceiptsAndEstimatesAlike() {
    assertFigures(
        of(
            closeAt(NOW).disputed(true).seven(1, 1, 10, 5),
            closeAt(NOW).seven(1, 1, 100, 50),
            closeAt(LEGACY_TIME).disputed(true).duration(1).shorter(FIVE_FIELD, 2500, 1)),
        "tokensDisputed=17.5 tokens=167.5");
  }

  @Test
  void moreThanTwoThousandOutputTokensASecondAreFlaggedButCounted() {
    assertFigures(
        of(
            closeAt(NOW).duration(10).seven(1, 1, 9, 20_000),
            closeAt(NOW).duration(10).seven(1, 1, 9, 20_001),
            closeAt(NOW).duration(0).seven(1, 1, 9, 2_000),
            closeAt(NOW).duration(0).seven(1, 1, 9, 2_001)),
        "sessionsFlagged=2 tokensFlagged=22020 tokensReceipt=44038");
  }

  @Test
  void secondsAreThePaidOnesAndNonsenseAddsNone() {
    assertFigures(
        of(closeAt(NOW).duration(300), closeAt(NOW).duration(1), closeAt(NOW).duration(-50)),
        "sessionSeconds=301");
  }

  @Test
  void meansAreOverUndisputedSamplesAboveZero() {
    Metrics all =
        of(
            closeAt(NOW).seven(10_000, 100, 1, 1),
            closeAt(NOW).seven(700_001, 101, 1, 1),
            closeAt(NOW).seven(0, 0, 0, 0),
            closeAt(NOW).disputed(true).seven(99_000, 99, 1, 1),
            closeAt(NOW).shorter(UNRECOGNIZED, 20_000, 0));
    assertFigures(
        all,
        "tpsSamples=3 ttftSamples=2 avgTps=243.334 avgTpsClamped=176.667 avgTtftMs=100.5"
            + " ttftMsP50=100 ttftMsP99=101");
    assertThat(all.quality().tps().p50()).isBetween(new BigDecimal("19.8"), new BigDecimal("20.2"));
    assertThat(all.quality().tps().p95()).isBetween(new BigDecimal("693"), new BigDecimal("707"));
    assertThat(all.quality().tps().p99()).isEqualTo(all.quality().tps().p95());
  }

  @Test
  void meansAreRoundedHalfEven() {
    assertFigures(
        of(
            closeAt(NOW).seven(1, 100, 0, 0),
            closeAt(NOW).seven(2, 100, 0, 0),
            closeAt(NOW).seven(0, 100, 0, 0),
            closeAt(NOW).seven(0, 101, 0, 0)),
        "avgTps=0.002 avgTtftMs=100.2");
  }

  @Test
  void withoutASampleMeansAndPercentilesAreNull() {
    assertFigures(
        of(closeAt(NOW).seven(0, 0, 1, 1)),
        "avgTps=null avgTpsClamped=null avgTtftMs=null tpsP50=null tpsP95=null tpsP99=null"
            + " ttftMsP50=null ttftMsP95=null ttftMsP99=null");
  }

  @Test
  void distinctsAreExactAndAnUnknownIsNobody() {
    assertFigures(
        of(
            closeAt(NOW).by(1, 1, 1),
            closeAt(NOW).by(2, 1, 2),
            closeAt(LEGACY_TIME).by(1, 2, 2),
            closeAt(LEGACY_TIME).by(0, 0, 0)),
        "uniqueUsers=2 uniqueProviders=2 uniqueModels=2");
  }

  @Test
  void morIsRoundedHalfEvenToSixDecimalsOnlyAfterAddingUp() {
    Wei half = Wei.of(500_000_000_000L);
    assertFigures(
        of(closeAt(NOW).wei(half, half.times(3), Wei.of(1))),
        "morStake=0 morPaid=0.000002 morEarned=0");
    assertFigures(
        of(closeAt(NOW).wei(half, half, half), closeAt(NOW).wei(half, half, half)),
        "morStake=0.000001");
  }

  @Test
  void gatewayFiguresAreNullUntilAWalletIsConfigured() {
    ListedRows rows =
        ListedRows.ofCloses(
            closeAt(NOW).session(1).by(1, 1, 1).seven(1, 1, 2, 3).build(),
            closeAt(NOW).session(2).by(2, 1, 1).seven(1, 1, 20, 30).build());
    assertFigures(compute(rows, Set.of()), "sessionsGateway=null tokensGateway=null");
    assertFigures(
        compute(rows, Set.of(CloseBuilder.user(2))), "sessionsGateway=1 tokensGateway=50");
  }

  @Test
  void theLargestValuesOfEveryFieldDoNotOverflow() {
    Wei most = Wei.of(BigInteger.TWO.pow(256).subtract(BigInteger.ONE));
    CloseBuilder[] hostile = new CloseBuilder[3000];
    for (int i = 0; i < hostile.length; i++) {
      hostile[i] =
          closeAt(NOW)
              .duration(Long.MAX_VALUE)
              .disputed(i % 2 == 0)
              .wei(most, most, most)
              .seven(U32, U32, U32, U32);
    }
    Metrics all = of(hostile);
    BigInteger seconds = BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(3000));
    assertFigures(
        all,
        "tokensReceipt=%d sessionSeconds=%d avgTps=4294967.295 sessionsFlagged=0"
            .formatted(U32 * 6000, seconds));
    assertThat(all.mor().stake().unscaledValue().signum()).isPositive();
  }

  /** Compares what {@code expected} names, such as {@code "sessionsClosed=2 avgTps=null"}. */
  private static void assertFigures(Metrics metrics, String expected) {
    Map<String, @Nullable BigDecimal> found = PublishedFields.of(metrics);
    for (String figure : expected.split(" ", -1)) {
      String[] parts = figure.split("=", -1);
      assertThat(found).containsKey(parts[0]);
      BigDecimal value = found.get(parts[0]);
      assertThat(value == null ? "null" : value.stripTrailingZeros().toPlainString())
          .as(parts[0])
          .isEqualTo(parts[1]);
    }
  }

  /** The figures of all time; each close is of a session of its own. */
  private static Metrics of(CloseBuilder... closes) {
    List<CloseFacts> built = new ArrayList<>();
    for (CloseBuilder close : closes) {
      built.add(close.session(built.size()).build());
    }
    return compute(ListedRows.ofCloses(built), Set.of());
  }

  private static Metrics compute(ListedRows rows, Set<UserId> gateway) {
    MetricRules rules = new MetricRules(500, LEGACY_FROM, LEGACY_UNTIL, gateway);
    return rows.rollup(rules, new AsOf(9, NOW)).windows().allTime();
  }
}
