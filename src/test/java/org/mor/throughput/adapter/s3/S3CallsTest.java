package org.mor.throughput.adapter.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mor.throughput.adapter.s3.TestStores.calls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.base.Sleeper.InterruptedWaitException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreException.StoreUnavailableException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3CallsTest {
  @Test
  void pausesDoubleUpToTheLongest() {
    List<Duration> pauses = new ArrayList<>();

    assertThatThrownBy(() -> calls(8, pauses::add).read("Reading x", S3CallsTest::slowDown))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(pauses)
        .extracting(Duration::toMillis)
        .containsExactly(200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L);
  }

  @Test
  void anInterruptEndsTheWaiting() {
    assertThatThrownBy(() -> interrupted().read("Reading x", S3CallsTest::slowDown))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("Reading x: interrupted");
  }

  @Test
  void anInterruptedWriteIsUnknownOnceItMayHaveLanded() {
    assertThatThrownBy(() -> interrupted().write("Creating x", S3CallsTest::slowDown))
        .isInstanceOf(StoreOutcomeUnknownException.class);
  }

  @Test
  void fourTriesAreStandardAndNoneIsRefused() {
    assertThat(S3Calls.standard().tries()).isEqualTo(4);
    assertThatThrownBy(() -> calls(0, time -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0");
  }

  private static S3Calls interrupted() {
    return calls(
        6,
        time -> {
          throw new InterruptedWaitException(time, new InterruptedException());
        });
  }

  private static String slowDown() throws SdkException {
    throw S3Exception.builder()
        .statusCode(503)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode("SlowDown").build())
        .build();
  }
}
