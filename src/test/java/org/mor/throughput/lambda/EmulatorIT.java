package org.mor.throughput.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
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
  private @Nullable Process emulator;

  @AfterEach
  void stop() throws InterruptedException {
    Process started = emulator;
    if (started != null) {
      started.descendants().forEach(ProcessHandle::destroyForcibly);
      started.destroyForcibly().waitFor();
    }
  }

  @Test
  void oneScheduleScansAndPublishesAndAWrongEventFails(@TempDir Path directory) throws Exception {
    String file = System.getProperty("lambda.emulator", "");
    assumeTrue(!file.isBlank(), "no Lambda emulator: set lambda.emulator to aws-lambda-rie's file");
    try (FunctionWorld world = new FunctionWorld()) {
      Path log = directory.resolve("emulator.log");
      URI invocations = start(file, directory, world, log);

      JsonNode report = FunctionProcess.json(invoke(invocations, SCHEDULED));

      assertThat(report.path("status").textValue())
          .as("%s%n%s", report, Files.readString(log))
          .isEqualTo("done");
      assertThat(report.at("/startedBy/source").textValue()).isEqualTo("aws.scheduler");
      assertThat(report.path("cursor").longValue()).isEqualTo(world.market.head() - 20);
      assertThat(world.s3.objects()).containsKey(FunctionWorld.PREFIX + "summary.json");
      JsonNode wrong = FunctionProcess.json(invoke(invocations, "{\"max_blocks\":0}"));
      assertThat(wrong.path("errorType").textValue())
          .isEqualTo("org.mor.throughput.lambda.RunFailedException");
      assertThat(Files.readString(log)).doesNotContain(FunctionWorld.KEY);
    }
  }

  /** The command is in a file: the emulator would take Java's options for its own. */
  private URI start(String file, Path directory, FunctionWorld world, Path log) throws IOException {
    Path zip = FunctionZip.unpackInto(Files.createDirectory(directory.resolve("task")));
    String java =
        FunctionProcess.command(directory.resolve("client.so")).stream()
            .map("'%s'"::formatted)
            .collect(Collectors.joining(" "));
    Path bootstrap = Files.writeString(directory.resolve("bootstrap"), "#!/bin/sh\nexec " + java);
    assertThat(bootstrap.toFile().setExecutable(true)).isTrue();
    String address = "127.0.0.1:" + freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
            file,
            "--runtime-interface-emulator-address",
            address,
            "--runtime-api-address",
            "127.0.0.1:" + freePort(),
            bootstrap.toString(),
            FunctionProcess.HANDLER);
    builder.directory(zip.toFile());
    builder.environment().keySet().retainAll(List.of("PATH", "HOME", "LANG"));
    builder.environment().putAll(FunctionProcess.lambda(zip));
    builder.environment().putAll(world.variables());
    emulator = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return URI.create("http://" + address + "/2015-03-31/functions/function/invocations");
  }

  private String invoke(URI invocations, String payload) throws Exception {
    Process running = Objects.requireNonNull(emulator);
    HttpRequest request =
        HttpRequest.newBuilder(invocations)
            .timeout(LONGEST)
            .POST(BodyPublishers.ofString(payload))
            .build();
    for (long end = System.nanoTime() + LONGEST.toNanos(); ; Thread.onSpinWait()) {
      try {
        return http.send(request, BodyHandlers.ofString()).body();
      } catch (ConnectException notYet) {
        assertThat(running.isAlive()).as("the emulator runs").isTrue();
        assertThat(System.nanoTime()).as("the emulator listens").isLessThan(end);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
