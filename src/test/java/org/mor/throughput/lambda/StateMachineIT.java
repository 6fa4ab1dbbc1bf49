package org.mor.throughput.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.config.Config;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.testing.NodeTools;
import org.mor.throughput.testing.ReplayNode;
import org.mor.throughput.testing.StrictS3Server;
import org.mor.throughput.testing.Worlds;
import org.mor.throughput.wiring.Graph;
import org.mor.throughput.wiring.Graph.Tempo;

/**
 * The state machine that Terraform deploys, run by moto's interpreter on the packaged function in
 * two emulators, over the recording of the real contract. Skipped without {@code moto.python}
 * ({@code .ci/moto-steps} makes it), {@code lambda.emulator} and the recording.
 */
class StateMachineIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PREFIX = "api/throughput/";
  private static final long START = 37_000_000;
  private static final long SAFE_HEAD = 37_008_680;

  @Test
  void rangesSideBySideStoreTheRowsOfAPlainBackfill(@TempDir Path directory) throws Exception {
    String file = System.getProperty("lambda.emulator", "");
    assumeTrue(System.getProperty("moto.python") != null, "no moto: set moto.python");
    assumeTrue(!file.isBlank(), "no Lambda emulator: set lambda.emulator to aws-lambda-rie's file");
    Path zip = FunctionZip.unpackInto(Files.createDirectory(directory.resolve("task")));
    Path log = directory.resolve("log");
    Path slow = directory.resolve("slow");
    String faults = "{\"http429\":0.02}";
    // The second has less than the minute without which a scan goes no further than it must.
    try (ReplayNode node = ReplayNode.start("--max-range", "250", "--faults", faults);
        StrictS3Server s3 = StrictS3Server.start("site");
        Emulator one = new Emulator(file, zip, variables(node, s3, 300), log);
        Emulator other = new Emulator(file, zip, variables(node, s3, 45), slow)) {
      JsonNode stopped = run(directory, "1", "1", "REFUSE=backfill", one, other);
      assertThat(stopped.path("error").asText()).as("%s", stopped).isEqualTo("BlocksMissing");
      assertThat(stopped.path("cause").asText())
          .startsWith("Never scanned after 1 rounds: [{\"from\":37")
          .contains("next: ");
      assertThat(stopped.path("history").toString()).contains("Lambda.TooManyRequestsException");
      assertThat(s3.objects()).doesNotContainKey(PREFIX + "summary.json");

      JsonNode done = run(directory, "3", "20", "BREAK=rollup", one, other);
      assertThat(done.path("status").asText())
          .as("%s%n%s%n%s", done, Files.readString(log), Files.readString(slow))
          .isEqualTo("SUCCEEDED");
      JsonNode output = JSON.readTree(done.path("output").asText());
      assertThat(output.path("asOfBlock").asLong()).isEqualTo(SAFE_HEAD);
      assertThat(output.path("documents").asInt()).isGreaterThan(10);
      assertThat(s3.objects()).containsKey(PREFIX + "summary.json");
      assertThat(done.path("history").toString())
          .contains("Runtime.ExitError", "Go on with the rest");
      assertThat(Files.readString(slow)).contains("\"status\":\"partial\"");
      assertThat(Files.readString(log) + Files.readString(slow)).contains("\"errors\":{\"rate\":");

      Map<String, byte[]> plain = plainBackfill(node, directory.resolve("plain"));
      Map<String, byte[]> fanned = new HashMap<>();
      s3.objects().forEach((key, body) -> fanned.put(key.substring(PREFIX.length()), body));
      assertThat(rows(fanned)).hasSizeGreaterThan(20).isEqualTo(rows(plain));
      assertThat(state(fanned, "coverage").path("ranges").toString())
          .isEqualTo(state(plain, "coverage").path("ranges").toString())
          .isEqualTo("[[%d,%d]]".formatted(START, SAFE_HEAD));
      assertThat(state(fanned, "cursor").path("last_block_hash"))
          .isEqualTo(state(plain, "cursor").path("last_block_hash"));
    }
  }

  private static Map<String, String> variables(ReplayNode node, StrictS3Server s3, int seconds) {
    return Map.of(
        "BASE_RPC_URL",
        node.url(),
        "START_BLOCK",
        Long.toString(START),
        "STORE",
        "s3://site/" + PREFIX,
        "AWS_ENDPOINT_URL",
        s3.endpoint().toString(),
        "AWS_LAMBDA_FUNCTION_TIMEOUT",
        Integer.toString(seconds));
  }

  /** Runs the file that Terraform reads, with pauses of a second. */
  private static JsonNode run(
      Path directory, String rounds, String turns, String fault, Emulator one, Emulator other)
      throws IOException {
    String definition = Files.readString(Path.of("terraform/backfill.asl.json"));
    Map<String, String> values =
        Map.of(
            "function_arn",
            "arn:aws:lambda:us-east-2:123456789012:function:backfill",
            "task_seconds",
            "120",
            "retry_seconds",
            "1",
            "concurrency",
            "2",
            "rounds",
            rounds,
            "turns",
            turns);
    for (Map.Entry<String, String> value : values.entrySet()) {
      definition = definition.replace("${" + value.getKey() + "}", value.getValue());
    }
    assertThat(definition).doesNotContain("${");
    Path file = Files.writeString(directory.resolve("definition.json"), definition);
    NodeTools.Run run =
        NodeTools.run(
            Path.of("."),
            "",
            "env",
            fault,
            System.getProperty("moto.python"),
            ".ci/state-machine.py",
            file.toString(),
            "{\"ranges\":4}",
            one.url() + "," + other.url());
    assertThat(run.code()).as(run.errors()).isZero();
    return JSON.readTree(run.output());
  }

  private static Map<String, byte[]> plainBackfill(ReplayNode node, Path to) throws IOException {
    Map<String, String> variables = Map.of("BASE_RPC_URL", node.url(), "STORE", "file:" + to);
    Graph graph =
        new Graph(Config.parse(variables), Path.of("target"), new Redactor(), Tempo.real());
    Worlds.backfill(graph.reader(), graph.ledger(), START, OptionalLong.empty(), false);
    Map<String, byte[]> objects = new HashMap<>();
    for (String prefix : List.of("raw/", "state/")) {
      for (ObjectInfo object : graph.store().list(prefix)) {
        objects.put(object.key().toString(), graph.store().find(object.key()).orElseThrow().body());
      }
    }
    return objects;
  }

  /** Every partition's text by key. */
  private static Map<String, String> rows(Map<String, byte[]> objects) throws IOException {
    Map<String, String> rows = new TreeMap<>();
    for (Map.Entry<String, byte[]> object : objects.entrySet()) {
      if (object.getKey().startsWith("raw/")) {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(object.getValue()))) {
          rows.put(object.getKey(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
    return rows;
  }

  private static JsonNode state(Map<String, byte[]> objects, String name) throws IOException {
    return JSON.readTree(objects.get("state/" + name + ".json"));
  }
}
