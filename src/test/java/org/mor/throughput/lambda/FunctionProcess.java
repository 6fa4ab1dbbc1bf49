package org.mor.throughput.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * An execution environment: the unpacked zip under AWS's runtime client, as a process of its own
 * that finds the function's classes in the task root, as on Lambda.
 */
final class FunctionProcess implements AutoCloseable {
  static final String HANDLER = "org.mor.throughput.lambda.Handler::handleRequest";
  private static final ObjectMapper JSON = new ObjectMapper();

  final FakeRuntimeApi api = new FakeRuntimeApi();
  private final Process process;
  private final Path output;
  private final Path nativeClient;

  FunctionProcess(Path zip, Map<String, String> variables, String... flags) {
    try {
      output = Files.createTempFile("function", ".log");
      nativeClient = Files.createTempFile("function", ".so");
      ProcessBuilder builder =
          new ProcessBuilder(command(nativeClient, flags)).redirectErrorStream(true);
      builder.redirectOutput(output.toFile());
      builder.directory(zip.toFile()); // the task root: the runtime client looks here for classes
      builder.environment().keySet().retainAll(List.of("PATH", "HOME", "LANG"));
      builder.environment().putAll(lambda(zip));
      builder.environment().put("AWS_LAMBDA_RUNTIME_API", api.hostAndPort());
      builder.environment().putAll(variables);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts AWS's runtime client, which finds the function in its working directory. */
  static List<String> command(Path nativeClient, String... flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add(NativeClientFile.flag(nativeClient));
    // From JDK 24 on the client's native part is a warning on standard error without it.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(Arrays.asList(flags));
    command.addAll(List.of("-cp", runtimeClient()));
    command.add("com.amazonaws.services.lambda.runtime.api.client.AWSLambda");
    command.add(System.getProperty("bench.handler", HANDLER));
    return command;
  }

  /** What Lambda sets in every environment, but for the address of its runtime API. */
  static Map<String, String> lambda(Path zip) {
    return Map.ofEntries(
        Map.entry("AWS_LAMBDA_FUNCTION_NAME", "throughput"),
        Map.entry("AWS_LAMBDA_FUNCTION_VERSION", "1"),
        Map.entry("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
        Map.entry("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/throughput"),
        Map.entry("AWS_LAMBDA_LOG_STREAM_NAME", "1"),
        Map.entry("AWS_LAMBDA_LOG_FORMAT", "JSON"),
        Map.entry("AWS_REGION", "us-east-2"),
        Map.entry("AWS_ACCESS_KEY_ID", "id"),
        Map.entry("AWS_SECRET_ACCESS_KEY", "key"),
        Map.entry("LAMBDA_TASK_ROOT", zip.toString()),
        Map.entry("_HANDLER", HANDLER));
  }

  /** The JDK that runs the function: this one, unless {@code function.java} names another. */
  private static String java() {
    Path own = Path.of(System.getProperty("java.home"), "bin", "java");
    return System.getProperty("function.java", own.toString());
  }

  /** The runtime client and what it needs; nothing of the function. */
  private static String runtimeClient() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(
            jar -> jar.matches(".*/(aws-lambda-java-(?!events)|utils-lite-|annotations-2)[^/]*"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Runs one invocation with five minutes to go. */
  FakeRuntimeApi.Ended run(String payload) {
    return run(payload, Duration.ofMinutes(5));
  }

  FakeRuntimeApi.Ended run(String payload, Duration left) {
    try {
      CompletableFuture<FakeRuntimeApi.Ended> ended = api.invoke(payload, left);
      CompletableFuture.anyOf(ended, process.onExit()).get(90, TimeUnit.SECONDS);
      return ended.get(0, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("No end of an invocation; the log so far:\n" + log(), e);
    }
  }

  /** The report of an invocation that must succeed. */
  JsonNode report(String payload, Duration left) {
    FakeRuntimeApi.Ended ended = run(payload, left);
    assertThat(ended.ok()).as(ended.body()).isTrue();
    return json(ended.body());
  }

  JsonNode report(String payload) {
    return report(payload, Duration.ofMinutes(5));
  }

  /** The message of an invocation that must fail, and of which the alarm on success must hear. */
  String failure(String payload) {
    FakeRuntimeApi.Ended ended = run(payload);
    assertThat(ended.ok()).as(ended.body()).isFalse();
    List<JsonNode> metrics = metrics(ended.id());
    assertThat(metrics).as("metrics of a failed run").isNotEmpty();
    assertThat(metrics.get(0).path("RunSucceeded").asInt(-1)).isZero();
    JsonNode error = json(ended.body());
    assertThat(error.path("errorType").textValue())
        .isEqualTo("org.mor.throughput.lambda.RunFailedException");
    return error.path("errorMessage").textValue();
  }

  /** All that was written to standard output and error. */
  String log() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of the log, each of which must be a JSON object. */
  List<JsonNode> lines() {
    return log().lines().map(FunctionProcess::json).toList();
  }

  /** The line of one run's metrics. */
  List<JsonNode> metrics(String runId) {
    return lines().stream()
        .filter(line -> line.has("_aws") && line.path("runId").textValue().equals(runId))
        .toList();
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("Not JSON: " + text, e);
    }
  }

  Process process() {
    return process;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      Files.deleteIfExists(output);
      Files.deleteIfExists(nativeClient);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    api.close();
  }
}
