package org.mor.throughput.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.FIVE_FIELD;
import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.UNRECOGNIZED;
import static org.mor.throughput.rollup.CloseBuilder.closeAt;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.UserId;

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
    Metrics all = compute(rows, Set.of()).windows().allTime();
    assertThat(all.sessions().opened()).isEqualTo(1);
    assertThat(all.sessions().closed()).isZero();
  }

  @Test
  void disputedClosesAreClosesToo() {
    Metrics all = of(closeAt(NOW).session(1).disputed(true), closeAt(NOW).session(2));
    assertThat(all.sessions().closed()).isEqualTo(2);
    assertThat(all.sessions().disputed()).isEqualTo(1);
  }

  @Test
  void earlyClosesAreCounted() {
    Metrics all = of(closeAt(NOW).session(1).early(true), closeAt(NOW).session(2));
    assertThat(all.sessions().closedEarly()).isEqualTo(1);
  }

  @Test
  void sevenFieldClosesCountWithTheirTokensAlsoWhenThereAreNone() {
    Metrics all =
        of(closeAt(NOW).session(1).seven(1, 1, 10, 5), closeAt(NOW).session(2).seven(0, 0, 0, 0));
    assertThat(all.sessions().withTokens()).isEqualTo(2);
    assertThat(all.sessions().idle()).isEqualTo(1);
    assertThat(all.tokens().input()).isEqualTo(10);
    assertThat(all.tokens().output()).isEqualTo(5);
    assertThat(all.tokens().receipt()).isEqualTo(15);
    assertThat(all.tokens().total()).isEqualByComparingTo("15");
  }

  @Test
  void fiveFieldClosesInTheLegacyWindowAreEstimatedWithTheClamp() {
    Metrics all =
        of(
            closeAt(LEGACY_TIME).session(1).duration(7).shorter(FIVE_FIELD, 1_501, 0),
            closeAt(LEGACY_TIME).session(2).duration(2).shorter(FIVE_FIELD, 900_000, 0),
            closeAt(LEGACY_FROM).session(3).duration(1).shorter(FIVE_FIELD, 1000, 0));
    assertThat(all.sessions().legacyEst()).isEqualTo(3);
    assertThat(all.tokens().legacyEst()).isEqualByComparingTo("1011.507");
    assertThat(all.tokens().total()).isEqualByComparingTo("1011.507");
    assertThat(all.tokens().receipt()).isZero();
  }

  @Test
  void everyOtherCloseMissesItsTokens() {
    Metrics all =
        of(
            closeAt(LEGACY_UNTIL).session(1).shorter(FIVE_FIELD, 1000, 5),
            closeAt(LEGACY_FROM - 1).session(2).shorter(FIVE_FIELD, 1000, 5),
            closeAt(LEGACY_TIME).session(3).shorter(FIVE_FIELD, 0, 5),
            closeAt(LEGACY_TIME).session(4).shorter(UNRECOGNIZED, 1000, 5),
            closeAt(NOW).session(5));
    assertThat(all.sessions().missingTokens()).isEqualTo(5);
    assertThat(all.tokens().total()).isEqualByComparingTo("0");
  }

  @Test
  void anOldRowThatCarriesTotalsHasTokens() {
    Metrics all = of(closeAt(NOW).carried(3, 4));
    assertThat(all.sessions().withTokens()).isEqualTo(1);
    assertThat(all.tokens().receipt()).isEqualTo(7);
  }

  @Test
  void disputedTokensAreAPartOfAllTokensReceiptsAndEstimatesAlike() {
    Metrics all =
        of(
            closeAt(NOW).session(1).disputed(true).seven(1, 1, 10, 5),
            closeAt(NOW).session(2).seven(1, 1, 100, 50),
            closeAt(LEGACY_TIME)
                .session(3)
                .disputed(true)
                .duration(1)
                .shorter(FIVE_FIELD, 2500, 1));
    assertThat(all.tokens().disputed()).isEqualByComparingTo("17.5");
    assertThat(all.tokens().total()).isEqualByComparingTo("167.5");
  }

  @Test
  void moreThanTwoThousandOutputTokensASecondAreFlaggedButCounted() {
    Metrics all =
        of(
            closeAt(NOW).session(1).duration(10).seven(1, 1, 9, 20_000),
            closeAt(NOW).session(2).duration(10).seven(1, 1, 9, 20_001),
            closeAt(NOW).session(3).duration(0).seven(1, 1, 9, 2_000),
            closeAt(NOW).session(4).duration(0).seven(1, 1, 9, 2_001));
    assertThat(all.sessions().flagged()).isEqualTo(2);
    assertThat(all.tokens().flagged()).isEqualTo(22_020);
    assertThat(all.tokens().receipt()).isEqualTo(44_038);
  }

  @Test
  void secondsAreThePaidOnesAndNonsenseAddsNone() {
    Metrics all =
        of(
            closeAt(NOW).session(1).duration(300),
            closeAt(NOW).session(2).duration(1),
            closeAt(NOW).session(3).duration(-50));
    assertThat(all.sessions().seconds()).isEqualTo(301);
  }

  @Test
  void meansAreOverUndisputedSamplesAboveZero() {
    Metrics all =
        of(
            closeAt(NOW).session(1).seven(10_000, 100, 1, 1),
            closeAt(NOW).session(2).seven(700_001, 101, 1, 1),
            closeAt(NOW).session(3).seven(0, 0, 0, 0),
            closeAt(NOW).session(4).disputed(true).seven(99_000, 99, 1, 1),
            closeAt(NOW).session(5).shorter(UNRECOGNIZED, 20_000, 0));
    QualityStats quality = all.quality();
    assertThat(quality.tpsSamples()).isEqualTo(3);
    assertThat(quality.ttftSamples()).isEqualTo(2);
    assertThat(quality.avgTps()).isEqualTo(new BigDecimal("243.334"));
    assertThat(quality.avgTpsClamped()).isEqualTo(new BigDecimal("176.667"));
    assertThat(quality.avgTtftMs()).isEqualTo(new BigDecimal("100.5"));
    assertThat(quality.tps().p50()).isBetween(new BigDecimal("19.8"), new BigDecimal("20.2"));
    assertThat(quality.tps().p95()).isBetween(new BigDecimal("693"), new BigDecimal("707"));
    assertThat(quality.tps().p99()).isEqualTo(quality.tps().p95());
    assertThat(quality.ttftMs().p50()).isEqualByComparingTo("100");
    assertThat(quality.ttftMs().p99()).isEqualByComparingTo("101");
  }

  @Test
  void meansAreRoundedHalfEven() {
    Metrics all =
        of(
            closeAt(NOW).session(1).seven(1, 100, 0, 0),
            closeAt(NOW).session(2).seven(2, 100, 0, 0),
            closeAt(NOW).session(3).seven(0, 100, 0, 0),
            closeAt(NOW).session(4).seven(0, 101, 0, 0));
    assertThat(all.quality().avgTps()).isEqualTo(new BigDecimal("0.002"));
    assertThat(all.quality().avgTtftMs()).isEqualTo(new BigDecimal("100.2"));
  }

  @Test
  void withoutASampleMeansAndPercentilesAreNull() {
    QualityStats quality = of(closeAt(NOW).seven(0, 0, 1, 1)).quality();
    assertThat(quality.avgTps()).isNull();
    assertThat(quality.avgTpsClamped()).isNull();
    assertThat(quality.avgTtftMs()).isNull();
    assertThat(quality.tps()).isEqualTo(new Percentiles(null, null, null));
    assertThat(quality.ttftMs()).isEqualTo(new Percentiles(null, null, null));
  }

  @Test
  void distinctsAreExactAndAnUnknownIsNobody() {
    Metrics all =
        of(
            closeAt(NOW).session(1).by(1, 1, 1),
            closeAt(NOW).session(2).by(2, 1, 2),
            closeAt(LEGACY_TIME).session(3).by(1, 2, 2),
            closeAt(LEGACY_TIME).session(4).by(0, 0, 0));
    assertThat(all.distinct()).isEqualTo(new DistinctCounts(2, 2, 2));
  }

  @Test
  void morIsRoundedHalfEvenToSixDecimalsOnlyAfterAddingUp() {
    Wei half = Wei.of(500_000_000_000L);
    Metrics one = of(closeAt(NOW).wei(half, half.times(3), Wei.of(1)));
    assertThat(one.mor())
        .isEqualTo(
            new MorSums(
                new BigDecimal("0.000000"),
                new BigDecimal("0.000002"),
                new BigDecimal("0.000000")));
    Metrics two =
        of(
            closeAt(NOW).session(1).wei(half, half, half),
            closeAt(NOW).session(2).wei(half, half, half));
    assertThat(two.mor().stake()).isEqualTo(new BigDecimal("0.000001"));
  }

  @Test
  void gatewayFiguresAreNullUntilAWalletIsConfigured() {
    ListedRows rows =
        ListedRows.ofCloses(
            closeAt(NOW).session(1).by(1, 1, 1).seven(1, 1, 2, 3).build(),
            closeAt(NOW).session(2).by(2, 1, 1).seven(1, 1, 20, 30).build());
    Metrics unknown = compute(rows, Set.of()).windows().allTime();
    assertThat(unknown.sessions().gateway()).isNull();
    assertThat(unknown.tokens().gateway()).isNull();
    Metrics known = compute(rows, Set.of(CloseBuilder.user(2))).windows().allTime();
    assertThat(known.sessions().gateway()).isEqualTo(1);
    assertThat(known.tokens().gateway()).isEqualByComparingTo("50");
  }

  @Test
  void theLargestValuesOfEveryFieldDoNotOverflow() {
    Wei most = Wei.of(BigInteger.TWO.pow(256).subtract(BigInteger.ONE));
    CloseFacts[] hostile = new CloseFacts[3000];
    for (int i = 0; i < hostile.length; i++) {
      hostile[i] =
          closeAt(NOW)
              .session(i)
              .duration(Long.MAX_VALUE)
              .disputed(i % 2 == 0)
              .wei(most, most, most)
              .seven(U32, U32, U32, U32)
              .build();
    }
    Metrics all = compute(ListedRows.ofCloses(hostile), Set.of()).windows().allTime();
    assertThat(all.tokens().receipt())
        .isEqualTo(BigInteger.valueOf(U32).multiply(BigInteger.valueOf(6000)));
    assertThat(all.sessions().seconds())
        .isEqualTo(BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(3000)));
    assertThat(all.mor().stake().unscaledValue().signum()).isPositive();
    assertThat(all.quality().avgTps()).isEqualByComparingTo("4294967.295");
    assertThat(all.sessions().flagged()).isZero();
  }

  private static Metrics of(CloseBuilder... closes) {
    CloseFacts[] built = Arrays.stream(closes).map(CloseBuilder::build).toArray(CloseFacts[]::new);
    return compute(ListedRows.ofCloses(built), Set.of()).windows().allTime();
  }

  private static Rollup compute(ListedRows rows, Set<UserId> gateway) {
    MetricRules rules = new MetricRules(500, LEGACY_FROM, LEGACY_UNTIL, gateway);
    return Rollups.compute(
        rows, rules, new AsOf(9, NOW), PartialCache.none(), MonthFiles.none(), 1);
  }
}
