package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestSizeTest {
  @Test
  void aPartialUseDoesNotGrowIt() {
    RequestSize size = new RequestSize(10, 100);
    size.succeeded(9);
    assertThat(size.width()).isEqualTo(10);
    size.succeeded(10);
    assertThat(size.width()).isEqualTo(20);
  }

  @Test
  void everyRefusalMakesItNarrowerDownToOne() {
    RequestSize size = new RequestSize(1_000, 50_000);
    for (long width = size.width(); width > 1; width = size.width()) {
      size.cap(OptionalLong.of(1_000_000), width);
      assertThat(size.width()).isLessThan(width);
    }
    size.shrink(OptionalLong.of(5), 1);
    assertThat(size.width()).isEqualTo(1);
  }

  @Test
  void repeatedShrinksAreForgottenMoreSlowly() {
    RequestSize size = new RequestSize(100, 100);
    size.shrink(OptionalLong.empty(), 100);
    assertThat(successesUntilGrown(size)).isEqualTo(5);
    size.shrink(OptionalLong.empty(), 100);
    assertThat(successesUntilGrown(size)).isEqualTo(9);
  }

  @Test
  void whatFailsTwiceInARowIsHalvedAndTriedAgainSeldom() {
    RequestSize size = new RequestSize(2_000, 50_000);

    assertThat(size.failed(2_000)).isFalse();
    assertThat(size.failed(2_000)).isTrue();
    assertThat(size.width()).isEqualTo(1_000);
    assertThat(successesUntilGrown(size)).isEqualTo(5);
    assertThat(size.failed(2_000)).as("once is enough by now").isTrue();
    assertThat(successesUntilGrown(size)).isEqualTo(9);
    assertThat(size.failed(2_000)).isTrue();
    assertThat(successesUntilGrown(size)).isEqualTo(17);
  }

  @Test
  void whatWorkedBeforeIsSoonTriedAgain() {
    RequestSize size = new RequestSize(2_000, 2_000);
    size.succeeded(2_000);
    size.failed(2_000);
    size.failed(2_000);

    assertThat(size.width()).isEqualTo(1_000);
    assertThat(successesUntilGrown(size)).isEqualTo(1);
  }

  @Test
  void failuresThatHaveNothingToDoWithTheSizeLeaveItWide() {
    Random random = new Random(1);
    RequestSize size = new RequestSize(2_000, 2_000);
    long answered = 0;
    for (int i = 0; i < 5_000; i++) {
      long width = size.width();
      if (random.nextInt(10) < 3) {
        size.failed(width);
      } else {
        size.succeeded(width);
        answered += width;
      }
    }

    assertThat(answered / 5_000.0).as("70 % of 2,000 at best").isGreaterThan(0.6 * 2_000);
  }

  @Test
  void aSizeRefusedInUnknownWordsIsHalvedOnceAtOnceAndAgainWhenWaitingDoesNotHelp() {
    RequestSize size = new RequestSize(1_000, 1_000);

    assertThat(size.bisect(1_000)).isTrue();
    assertThat(size.bisect(500)).isFalse();
    assertThat(size.bisect(500)).isFalse();
    assertThat(size.width()).isEqualTo(500);
    assertThat(size.bisect(500)).isFalse();
    assertThat(size.width()).isEqualTo(250);
    size.succeeded(250);
    assertThat(size.bisect(250)).isTrue();
  }

  @Test
  void retryAfterIsReadAsSecondsOrDate() {
    Instant now = Instant.parse("2026-05-01T00:00:00Z");

    assertThat(HttpTransport.retryAfter(" 30 ", now)).contains(Duration.ofSeconds(30));
    assertThat(HttpTransport.retryAfter("Fri, 01 May 2026 00:01:00 GMT", now))
        .contains(Duration.ofMinutes(1));
    assertThat(HttpTransport.retryAfter("Thu, 30 Apr 2026 00:01:00 GMT", now))
        .contains(Duration.ZERO);
    assertThat(HttpTransport.retryAfter("-5", now)).isEmpty();
    assertThat(HttpTransport.retryAfter("99999999999999999999", now)).isEmpty();
    assertThat(HttpTransport.retryAfter("soon", now)).isEmpty();
  }

  private static int successesUntilGrown(RequestSize size) {
    long width = size.width();
    for (int i = 1; ; i++) {
      size.succeeded(size.width());
      if (size.width() > width) {
        return i;
      }
    }
  }
}
