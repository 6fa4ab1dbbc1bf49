package org.mor.throughput.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged function under AWS's own emulator, whose file the property {@code lambda.emulator}
 * names ({@code .ci/go-tool aws-lambda-rie} builds it); else skipped.
 */
class EmulatorIT {
  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** As the Scheduler sends it when its target has no input. */
  private static final String SCHEDULED =
      """
      {"version":"0","id":"9b01f4c2-0000","detail-type":"Scheduled Event","source":"aws.scheduler",\
      "account":"123456789012","time":"2026-06-20T00:30:00Z","region":"us-east-2",\
      "resources":["arn:aws:scheduler:us-east-2:123456789012:schedule/tick/tick"],"detail":"{}"}""";

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void oneScheduleScansAndPublishesAndAWrongEventFails(@TempDir Path directory) throws Exception {
    String file = System.getProperty("lambda.emulator", "");
    assumeTrue(!file.isBlank(), "no Lambda emulator: set lambda.emulator to aws-lambda-rie's file");
    Path zip = FunctionZip.unpackInto(Files.createDirectory(directory.resolve("task")));
    Path log = directory.resolve("emulator.log");
    try (FunctionWorld world = new FunctionWorld();
        Emulator emulator = new Emulator(file, zip, world.variables(), log)) {

      JsonNode report = FunctionProcess.json(invoke(emulator, SCHEDULED));

      assertThat(report.path("status").textValue())
          .as("%s%n%s", report, Files.readString(log))
          .isEqualTo("done");
      assertThat(report.at("/startedBy/source").textValue()).isEqualTo("aws.scheduler");
      assertThat(report.path("cursor").longValue()).isEqualTo(world.market.head() - 20);
      assertThat(world.s3.objects()).containsKey(FunctionWorld.PREFIX + "summary.json");
      JsonNode wrong = FunctionProcess.json(invoke(emulator, "{\"max_blocks\":0}"));
      assertThat(wrong.path("errorType").textValue())
          .isEqualTo("org.mor.throughput.lambda.RunFailedException");
      assertThat(Files.readString(log)).doesNotContain(FunctionWorld.KEY);
    }
  }

  private String invoke(Emulator emulator, String payload) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(emulator.url())
            .timeout(LONGEST)
            .POST(BodyPublishers.ofString(payload))
            .build();
    for (long end = System.nanoTime() + LONGEST.toNanos(); ; Thread.onSpinWait()) {
      try {
        return http.send(request, BodyHandlers.ofString()).body();
      } catch (ConnectException notYet) {
        assertThat(emulator.isAlive()).as("the emulator runs").isTrue();
        assertThat(System.nanoTime()).as("the emulator listens").isLessThan(end);
      }
    }
  }
}
