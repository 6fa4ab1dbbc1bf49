package org.mor.throughput.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimeLeftTest {
  private final AtomicLong millis = new AtomicLong();
  private final Handler.TimeLeft time = new Handler.TimeLeft(millis::get);

  @Test
  void aQuestionMayTakeHalfOfWhatIsLeftNowButForTheReport() {
    assertThat(atMost(605_000)).isEqualTo(Duration.ofMinutes(5));
    assertThat(atMost(65_000)).isEqualTo(Duration.ofSeconds(30));
    assertThat(atMost(15_000)).isEqualTo(Duration.ofSeconds(5));
    assertThat(atMost(5_000)).isZero();
    assertThat(atMost(0)).isZero();
  }

  @Test
  void rangesEndBeforePublishingDoes() {
    millis.set(60_000);
    assertThat(time.allowsAnotherRange()).isTrue();
    millis.set(59_999);
    assertThat(time.allowsAnotherRange()).isFalse();
    assertThat(time.allowsPublishing()).isTrue();
    millis.set(19_999);
    assertThat(time.allowsPublishing()).isFalse();
  }

  private Duration atMost(long left) {
    millis.set(left);
    return time.forOneQuestion();
  }
}
