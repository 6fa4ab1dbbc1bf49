package org.mor.throughput.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.session.MetricRules.TokenClass;

class SessionRulesTest {
  private static final Hash32 ID = Hash32.fromHex("0x" + "0a".repeat(32));
  private static final UserId USER = UserId.of(Address.fromHex("0x" + "11".repeat(20)));
  private static final long LEGACY_FROM = 1_000;
  private static final long LEGACY_UNTIL = 2_000;
  private static final MetricRules RULES =
      new MetricRules(500, LEGACY_FROM, LEGACY_UNTIL, Set.of(USER));

  @Test
  void onlyTheTimeUpToTheEndIsPaidFor() {
    assertThat(close(100, 400, 300).durationSeconds()).isEqualTo(200);
    assertThat(close(100, 400, 9_000).durationSeconds()).isEqualTo(300);
    assertThat(close(100, 50, 300).durationSeconds()).isZero();
    assertThat(close(100, 400, 100).durationSeconds()).isZero();
  }

  @Test
  void earlyMeansBeforeTheEndAndNotAtIt() {
    assertThat(close(100, 400, 399).isEarly()).isTrue();
    assertThat(close(100, 400, 400).isEarly()).isFalse();
  }

  @Test
  void aCloseIsUnsettledWhilePaidCanGrow() {
    assertThat(close(100, 400, 300, 0, Wei.of(2_000)).isUnsettled()).isFalse();
    assertThat(close(100, 400, 300, 0, Wei.of(1_999)).isUnsettled()).isTrue();
    assertThat(close(100, 400, 300, 1, Wei.of(2_000)).isUnsettled()).isTrue();
    assertThat(close(100, 400, 400, 1, Wei.of(3_000)).isUnsettled()).isFalse();
  }

  @Test
  void timesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> close(100, 400, 99)).hasMessageContaining("impossible times");
    assertThatThrownBy(() -> close(0, 400, 99)).hasMessageContaining("impossible times");
  }

  @Test
  void everyCloseIsInExactlyOneTokenClass() {
    assertThat(RULES.tokenClass(facts(seven(1, 1, 0, 0), 1_500))).isEqualTo(TokenClass.RECEIPT);
    assertThat(RULES.tokenClass(facts(five(1, 1), 1_500))).isEqualTo(TokenClass.LEGACY_ESTIMATE);
    assertThat(RULES.tokenClass(facts(five(0, 1), 1_500))).isEqualTo(TokenClass.MISSING);
    assertThat(RULES.tokenClass(facts(five(1, 1), LEGACY_FROM - 1))).isEqualTo(TokenClass.MISSING);
    assertThat(RULES.tokenClass(facts(five(1, 1), LEGACY_FROM)))
        .isEqualTo(TokenClass.LEGACY_ESTIMATE);
    assertThat(RULES.tokenClass(facts(five(1, 1), LEGACY_UNTIL))).isEqualTo(TokenClass.MISSING);
    assertThat(RULES.tokenClass(facts(unrecognized(1), 1_500))).isEqualTo(TokenClass.MISSING);
  }

  @Test
  void anEstimateFollowsTheClampAndTheSeconds() {
    assertThat(RULES.legacyEstimateScaled1000(facts(five(30_500, 1), 1_500)))
        .isEqualTo(30_500L * 600);
    assertThat(RULES.legacyEstimateScaled1000(facts(five(900_000, 1), 1_500)))
        .isEqualTo(500_000L * 600);
    assertThat(RULES.legacyEstimateScaled1000(facts(five(900_000, 1), LEGACY_UNTIL))).isZero();
  }

  @Test
  void aQualitySampleIsUndisputedAndAboveZero() {
    assertThat(RULES.tpsSample(facts(seven(7, 0, 0, 0), 1_500))).hasValue(7);
    assertThat(RULES.ttftSample(facts(seven(7, 0, 0, 0), 1_500))).isEmpty();
    assertThat(RULES.tpsSample(facts(seven(0, 9, 0, 0), 1_500))).isEmpty();
    assertThat(RULES.ttftSample(facts(seven(0, 9, 0, 0), 1_500))).hasValue(9);
    assertThat(RULES.tpsSample(facts(unrecognized(7), 1_500))).hasValue(7);
    CloseFacts disputed = close(900, 1_500, 1_500, 1, Wei.ZERO, seven(7, 9, 0, 0)).facts();
    assertThat(RULES.tpsSample(disputed)).isEmpty();
    assertThat(RULES.ttftSample(disputed)).isEmpty();
  }

  @Test
  void moreThanTwoThousandOutputTokensASecondAreFlagged() {
    assertThat(RULES.isFlagged(facts(seven(1, 1, 9, 2_000 * 600), 1_500))).isFalse();
    assertThat(RULES.isFlagged(facts(seven(1, 1, 9, 2_000 * 600 + 1), 1_500))).isTrue();
    CloseFacts instant = close(900, 1_500, 900, 0, Wei.ZERO, seven(1, 1, 0, 2_001)).facts();
    assertThat(RULES.isFlagged(instant)).isTrue();
  }

  @Test
  void aKeyHidesTheWalletButKeepsUsersApart() {
    UserPrivacy keyed = UserPrivacy.keyed("secret");
    UserId other = UserId.of(Address.fromHex("0x" + "12".repeat(20)));

    assertThat(keyed.stored(USER).isHashed()).isTrue();
    assertThat(keyed.stored(USER)).isEqualTo(keyed.stored(USER)).isNotEqualTo(keyed.stored(other));
    assertThat(keyed.stored(keyed.stored(USER))).isEqualTo(keyed.stored(USER));
    assertThat(UserPrivacy.keyed("other").stored(USER)).isNotEqualTo(keyed.stored(USER));
    assertThat(UserPrivacy.plain().stored(USER)).isEqualTo(USER);
  }

  @Test
  void theHashIsTheFirstHalfOfAnHmac() {
    // printf '11%.0s' $(seq 20) | xxd -r -p | openssl dgst -sha256 -hmac secret
    assertThat(UserPrivacy.keyed("secret").stored(USER).toHex())
        .isEqualTo("0xb35b35b92206fe0b3ad9a71e8f22ac01");
  }

  @Test
  void monthsAreUtcAndStrict() {
    assertThat(Month.of(1_767_225_599)).isEqualTo(Month.parse("2025-12"));
    assertThat(Month.of(1_767_225_600)).isEqualTo(Month.parse("2026-01"));
    assertThat(Month.parse("2025-12").next().firstSecond()).isEqualTo(1_767_225_600);
    for (String bad : new String[] {"2026-13", "2026-00", "2026-5", "26-05", "2026-05-01", ""}) {
      assertThatThrownBy(() -> Month.parse(bad)).hasMessageContaining("YYYY-MM");
    }
  }

  private static CloseFacts facts(CloseoutReceipt receipt, long closedAt) {
    return close(closedAt - 600, closedAt, closedAt, 0, Wei.ZERO, receipt).facts();
  }

  private static SessionClose close(long openedAt, long endsAt, long closedAt) {
    return close(openedAt, endsAt, closedAt, 0, Wei.ZERO);
  }

  private static SessionClose close(long openedAt, long endsAt, long closedAt, int type, Wei paid) {
    return close(openedAt, endsAt, closedAt, type, paid, seven(1, 1, 1, 1));
  }

  private static SessionClose close(
      long openedAt, long endsAt, long closedAt, int type, Wei paid, CloseoutReceipt receipt) {
    return new SessionClose(
        ID,
        USER,
        Address.fromHex("0x" + "22".repeat(20)),
        ID,
        ID,
        "model",
        openedAt,
        endsAt,
        closedAt,
        Wei.of(5),
        Wei.of(10),
        paid,
        type,
        false,
        receipt,
        new LogPosition(3, 0),
        ID,
        SessionRow.Reading.at(4, 0));
  }

  private static CloseoutReceipt seven(long tps, long ttft, long in, long out) {
    return new CloseoutReceipt(
        ReceiptFormat.SEVEN_FIELD,
        OptionalLong.of(tps),
        OptionalLong.of(ttft),
        OptionalLong.of(in),
        OptionalLong.of(out),
        224);
  }

  private static CloseoutReceipt five(long tps, long ttft) {
    return without(ReceiptFormat.FIVE_FIELD, tps, ttft, 160);
  }

  private static CloseoutReceipt unrecognized(long tps) {
    return without(ReceiptFormat.UNRECOGNIZED, tps, 1, 192);
  }

  private static CloseoutReceipt without(ReceiptFormat format, long tps, long ttft, int bytes) {
    return new CloseoutReceipt(
        format,
        OptionalLong.of(tps),
        OptionalLong.of(ttft),
        OptionalLong.empty(),
        OptionalLong.empty(),
        bytes);
  }
}
