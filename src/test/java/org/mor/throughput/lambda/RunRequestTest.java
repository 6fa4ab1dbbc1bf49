package org.mor.throughput.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.ScheduledRun.Publishing;

class RunRequestTest {
  private static final String EVENT =
      """
      {"version":"0","id":"53dc4d37","detail-type":"Scheduled Event","source":"aws.scheduler",\
      "account":"123456789012","time":"2026-06-20T00:15:00Z","region":"us-east-2",\
      "resources":["arn:aws:scheduler:us-east-2:123456789012:schedule/tick/tick"],"detail":%s}""";

  @ParameterizedTest
  @ValueSource(strings = {"{}", "\"{}\"", "{\"force_rollup\":true}", "null"})
  void aScheduledEventIsReadWhateverItsDetailAndWishesNothing(String detail) throws IOException {
    RunRequest request = decode(EVENT.formatted(detail));
    ScheduledEvent event = request.event().orElseThrow();
    assertThat(event.getSource()).isEqualTo("aws.scheduler");
    assertThat(event.getDetailType()).isEqualTo("Scheduled Event");
    assertThat(event.getId()).isEqualTo("53dc4d37");
    assertThat(event.getRegion()).isEqualTo("us-east-2");
    assertThat(event.getAccount()).isEqualTo("123456789012");
    assertThat(event.getResources())
        .containsExactly("arn:aws:scheduler:us-east-2:123456789012:schedule/tick/tick");
    assertThat(RunRequest.isOfASchedule(event)).isTrue();
    assertThat(request.unknownKeys()).isEmpty();
    assertThat(request.publishing()).isEqualTo(Publishing.WHEN_NEW);
  }

  @ParameterizedTest
  @CsvSource({
    "aws.events, Scheduled Event, true",
    "aws.scheduler, Scheduled Event, true",
    "aws.s3, Object Created, false",
    "aws.events, Object Created, false",
    "mine, Scheduled Event, false"
  })
  void onlyAScheduleIsASchedule(String source, String type, boolean yes) throws IOException {
    String payload = "{\"source\":\"%s\",\"detail-type\":\"%s\"}".formatted(source, type);
    assertThat(decode(payload).event().map(RunRequest::isOfASchedule)).contains(yes);
  }

  @Test
  void whatAnEventSaysInOddTypesStopsNoRun() throws IOException {
    RunRequest request =
        decode(
            "{\"source\":\"aws.events\",\"detail-type\":\"Scheduled Event\",\"id\":7,\"resources\":\"x\"}");
    assertThat(request.event().orElseThrow().getId()).isEmpty();
    assertThat(request.event().orElseThrow().getResources()).isEmpty();
    assertThat(request.unknownKeys()).isEmpty();
  }

  @Test
  void anEventMayCarryWishesBesides() throws IOException {
    RunRequest request =
        decode("{\"source\":\"aws.events\",\"detail-type\":\"Scheduled Event\",\"max_blocks\":5}");
    assertThat(request.maxBlocks()).hasValue(5);
    assertThat(request.event()).isPresent();
  }

  @Test
  void keysOfAnEventMeanNothingWithoutOne() throws IOException {
    RunRequest request = decode("{\"time\":\"now\",\"skip_rollup\":true}");
    assertThat(request.event()).isEmpty();
    assertThat(request.unknownKeys()).containsExactly("time");
    assertThat(request.publishing()).isEqualTo(Publishing.NEVER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "null", "{}"})
  void nothingAsksForNothingInParticular(String payload) throws IOException {
    RunRequest request = decode(payload);
    assertThat(request.event()).isEmpty();
    assertThat(request.publishing()).isEqualTo(Publishing.WHEN_NEW);
    assertThat(request.maxBlocks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "\"text\"",
        "{",
        "{\"force_rollup\":1}",
        "{\"max_blocks\":\"5\"}",
        "{\"max_blocks\":1.5}",
        "{\"max_blocks\":0}",
        "{\"force_rollup\":true,\"skip_rollup\":true}"
      })
  void whatIsNoWishIsRefusedAndTheMessageSaysWhatToGive(String payload) {
    assertThatThrownBy(() -> decode(payload))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("next: ");
  }

  @Test
  void stepsOfABackfillAreReadAndOnlyThoseThatWriteLeaveARecord() throws IOException {
    assertThat(decode("{\"backfill\":{\"from\":7,\"to\":7}}").job().orElseThrow().kind())
        .contains("backfill");
    assertThat(decode("{\"rollup\":true}").job().orElseThrow().kind()).contains("rollup");
    assertThat(decode("{\"plan\":{}}").job().orElseThrow().kind()).isEmpty();
    assertThat(decode("{\"force_rollup\":true}").job()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"backfill\":7}",
        "{\"backfill\":null}",
        "{\"backfill\":{}}",
        "{\"backfill\":{\"from\":7}}",
        "{\"backfill\":{\"to\":7}}",
        "{\"backfill\":{\"from\":9,\"to\":7}}",
        "{\"backfill\":{\"from\":-1,\"to\":7}}",
        "{\"backfill\":{\"from\":\"1\",\"to\":7}}",
        "{\"backfill\":{\"from\":1.5,\"to\":7}}",
        "{\"backfill\":{\"from\":1,\"to\":9007199254740992}}",
        "{\"backfill\":{\"from\":1,\"to\":7,\"rescan\":true}}",
        "{\"backfill\":{\"from\":1,\"to\":7},\"force_rollup\":true}",
        "{\"backfill\":{\"from\":1,\"to\":7},\"rollup\":true}",
        "{\"plan\":[]}",
        "{\"plan\":{\"from\":9,\"to\":7}}",
        "{\"plan\":{\"ranges\":0}}",
        "{\"plan\":{\"ranges\":401}}",
        "{\"plan\":{\"ranges\":4,\"blocks\":4}}",
        "{\"plan\":{\"Comment\":\"x\"}}",
        "{\"rollup\":false}",
        "{\"rollup\":1}",
        "{\"rollup\":true,\"max_blocks\":5}"
      })
  void aStepThatCannotBeIsRefused(String payload) {
    assertThatThrownBy(() -> decode(payload))
        .isInstanceOf(BadRequestException.class)
        .hasMessageStartingWith("The payload")
        .hasMessageContaining("; next: ");
  }

  private static RunRequest decode(String payload) throws IOException {
    return RunRequest.decode(payload.getBytes(StandardCharsets.UTF_8));
  }
}
