package org.mor.throughput.adapter.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WindowTest {
  @Test
  void aPartialUseDoesNotGrowIt() {
    Window window = new Window(10, 100);
    window.succeeded(9);
    assertThat(window.width()).isEqualTo(10);
    window.succeeded(10);
    assertThat(window.width()).isEqualTo(20);
  }

  @Test
  void everyRefusalMakesItNarrowerDownToOne() {
    Window window = new Window(1_000, 50_000);
    for (long width = window.width(); width > 1; width = window.width()) {
      window.cap(OptionalLong.of(1_000_000), width);
      assertThat(window.width()).isLessThan(width);
    }
    window.shrink(OptionalLong.of(5), 1);
    assertThat(window.width()).isEqualTo(1);
  }

  @Test
  void repeatedShrinksAreForgottenMoreSlowly() {
    Window window = new Window(100, 100);
    window.shrink(OptionalLong.empty(), 100);
    assertThat(successesUntilGrown(window)).isEqualTo(5);
    window.shrink(OptionalLong.empty(), 100);
    assertThat(successesUntilGrown(window)).isEqualTo(9);
  }

  @Test
  void whatFailsTwiceInARowIsHalvedAndTriedAgainSeldom() {
    Window window = new Window(2_000, 50_000);

    assertThat(window.failed(2_000)).isFalse();
    assertThat(window.failed(2_000)).isTrue();
    assertThat(window.width()).isEqualTo(1_000);
    assertThat(successesUntilGrown(window)).isEqualTo(5);
    assertThat(window.failed(2_000)).as("once is enough by now").isTrue();
    assertThat(successesUntilGrown(window)).isEqualTo(9);
    assertThat(window.failed(2_000)).isTrue();
    assertThat(successesUntilGrown(window)).isEqualTo(17);
  }

  @Test
  void whatWorkedBeforeIsSoonTriedAgain() {
    Window window = new Window(2_000, 2_000);
    window.succeeded(2_000);
    window.failed(2_000);
    window.failed(2_000);

    assertThat(window.width()).isEqualTo(1_000);
    assertThat(successesUntilGrown(window)).isEqualTo(1);
  }

  @Test
  void failuresThatHaveNothingToDoWithTheSizeLeaveItWide() {
    Random random = new Random(1);
    Window window = new Window(2_000, 2_000);
    long answered = 0;
    for (int i = 0; i < 5_000; i++) {
      long width = window.width();
      if (random.nextInt(10) < 3) {
        window.failed(width);
      } else {
        window.succeeded(width);
        answered += width;
      }
    }

    assertThat(answered / 5_000.0).as("70 % of 2,000 at best").isGreaterThan(0.6 * 2_000);
  }

  @Test
  void aSizeRefusedInUnknownWordsIsHalvedOnceAtOnceAndAgainWhenWaitingDoesNotHelp() {
    Window window = new Window(1_000, 1_000);

    assertThat(window.bisect(1_000)).isTrue();
    assertThat(window.bisect(500)).isFalse();
    assertThat(window.bisect(500)).isFalse();
    assertThat(window.width()).isEqualTo(500);
    assertThat(window.bisect(500)).isFalse();
    assertThat(window.width()).isEqualTo(250);
    window.succeeded(250);
    assertThat(window.bisect(250)).isTrue();
  }

  @Test
  void retryAfterIsReadAsSecondsOrDate() {
    Instant now = Instant.parse("2026-05-01T00:00:00Z");

    assertThat(RetryAfter.parse(" 30 ", now)).contains(Duration.ofSeconds(30));
    assertThat(RetryAfter.parse("Fri, 01 May 2026 00:01:00 GMT", now))
        .contains(Duration.ofMinutes(1));
    assertThat(RetryAfter.parse("Thu, 30 Apr 2026 00:01:00 GMT", now)).contains(Duration.ZERO);
    assertThat(RetryAfter.parse("-5", now)).isEmpty();
    assertThat(RetryAfter.parse("99999999999999999999", now)).isEmpty();
    assertThat(RetryAfter.parse("soon", now)).isEmpty();
  }

  private static int successesUntilGrown(Window window) {
    long width = window.width();
    for (int i = 1; ; i++) {
      window.succeeded(window.width());
      if (window.width() > width) {
        return i;
      }
    }
  }
}
