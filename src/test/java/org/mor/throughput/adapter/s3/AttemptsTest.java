package org.mor.throughput.adapter.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreException.StoreUnavailableException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class AttemptsTest {
  @Test
  void pausesDoubleUpToTheLongest() {
    List<Duration> pauses = new ArrayList<>();
    Backoff backoff = backoff(6, pauses::add);

    assertThatThrownBy(() -> new Attempts(backoff).read("Reading x", AttemptsTest::slowDown))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(pauses).extracting(Duration::toMillis).containsExactly(100L, 200L, 400L, 500L, 500L);
  }

  @Test
  void anInterruptEndsTheWaitingAndIsKept() {
    Attempts attempts = new Attempts(backoff(6, AttemptsTest::interrupted));

    assertThatThrownBy(() -> attempts.read("Reading x", AttemptsTest::slowDown))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("Reading x: interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anInterruptedWriteIsUnknownOnceItMayHaveLanded() {
    Attempts attempts = new Attempts(backoff(6, AttemptsTest::interrupted));

    assertThatThrownBy(() -> attempts.write("Creating x", AttemptsTest::slowDown))
        .isInstanceOf(StoreOutcomeUnknownException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void theStandardPausesAreRandomAndBounded() {
    Backoff standard = Backoff.standard();

    assertThat(standard.attempts()).isEqualTo(4);
    for (int i = 0; i < 100; i++) {
      assertThat(standard.upTo().applyAsLong(200)).isBetween(0L, 200L);
    }
  }

  @Test
  void aBackoffWithoutAnAttemptIsRefused() {
    assertThatThrownBy(() -> backoff(0, time -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 attempts");
  }

  private static Backoff backoff(int attempts, Backoff.Pause pause) {
    return new Backoff(
        attempts, Duration.ofMillis(100), Duration.ofMillis(500), pause, ceiling -> ceiling);
  }

  private static void interrupted(Duration time) throws InterruptedException {
    throw new InterruptedException("while waiting " + time);
  }

  private static String slowDown() throws SdkException {
    throw S3Exception.builder()
        .statusCode(503)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode("SlowDown").build())
        .build();
  }
}
