package org.mor.throughput.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.testing.S3Fault;
import org.mor.throughput.testing.S3Operation;

/**
 * What is wrong from the start: each invocation fails and says what to do, and works once mended.
 */
class FunctionTroubleIT {
  private static FunctionWorld world;
  private static Path zip;

  @BeforeAll
  static void start(@TempDir Path directory) {
    world = new FunctionWorld();
    zip = FunctionZip.unpackInto(directory);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @Test
  void aSecretThatIsMissingOrNoUrlIsNamedAndReadAgainOnceItIsMended() {
    try (FunctionProcess function = new FunctionProcess(zip, world.variables())) {
      world.secret = null;
      assertThat(function.failure("{}"))
          .startsWith("SecretUnavailableException (exit code 2 of the command line): ")
          .contains("Reading secret prd-rpc in us-east-2: status 400 ResourceNotFoundException");
      world.secret = "CANARY is no URL";
      assertThat(function.failure("{}"))
          .startsWith("ConfigException (exit code 2 of the command line): ")
          .contains("the secret prd-rpc: (hidden) is not a URL");
      world.secret = world.node.url(FunctionWorld.KEY);

      world.s3.inject(S3Fault.answer(S3Operation.GET, 403, "AccessDenied").times(9));
      assertThat(function.failure("{}")).startsWith("StoreRefusedException (exit code 4");
      world.s3.heal();

      assertThat(function.report("{}").path("status").textValue()).isEqualTo("done");
      assertThat(function.log()).doesNotContain("CANARY");
    }
  }

  @Test
  void walletsAreHashedByTheSecretsKeyAndWithoutTheKeyNothingIsStored() {
    Map<String, String> variables = new HashMap<>(world.variables());
    variables.put("USER_HASH_KEY_SECRET_ID", "prd-user-key");
    variables.put("STORE", "s3://" + FunctionWorld.BUCKET + "/hashed/");
    world.secret = world.node.url(FunctionWorld.KEY);
    try (FunctionProcess function = new FunctionProcess(zip, variables)) {
      assertThat(function.failure("{}"))
          .startsWith("SecretUnavailableException (exit code 2 of the command line): ")
          .contains("Reading secret prd-user-key in us-east-2")
          .contains("USER_HASH_KEY_SECRET_ID");
      world.userKey = "{\"USER_HASH_KEY\":\"" + FunctionWorld.USER_KEY + "\"}";
      assertThat(function.failure("{}"))
          .contains("the secret prd-user-key: (hidden) is not a key")
          .contains("as plain text, not JSON");
      assertThat(world.s3.objects().keySet())
          .as("nothing but the records of the two failed runs")
          .filteredOn(key -> key.startsWith("hashed/"))
          .hasSize(2)
          .allMatch(key -> key.matches("hashed/state/runs/.*_forced_failed_.*"));

      world.userKey = FunctionWorld.USER_KEY;
      assertThat(function.report("{\"max_blocks\":400000}").path("rowsAdded").longValue())
          .isPositive();
      assertThat(storedUsers("hashed/raw/opens/"))
          .isNotEmpty()
          .allMatch(user -> user.matches("0x[0-9a-f]{32}"));
      assertThat(function.log()).doesNotContain("CANARY");
    }
  }

  private static Set<String> storedUsers(String prefix) {
    Set<String> users = new TreeSet<>();
    world
        .s3
        .objects()
        .forEach(
            (key, body) -> {
              if (key.startsWith(prefix)) {
                text(body)
                    .lines()
                    .forEach(row -> users.add(FunctionProcess.json(row).path("user").asText()));
              }
            });
    return users;
  }

  private static String text(byte[] gzip) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aBucketThatIsNotThereFailsTheInvocation() {
    Map<String, String> variables = new HashMap<>(world.variables());
    variables.put("STORE", "s3://another/api/throughput/");
    try (FunctionProcess function = new FunctionProcess(zip, variables)) {
      assertThat(function.failure("{}"))
          .startsWith("StoreRefusedException (exit code 4 of the command line): ")
          .contains("s3://another/api/throughput/")
          .contains("create the bucket, or correct STORE");
      assertThat(function.log()).doesNotContain("CANARY");
    }
  }

  @Test
  void aConfigurationThatCannotBeUsedFailsEveryInvocationAndNamesAllOfIt() {
    Map<String, String> variables =
        Map.of("TPS_CLAMP", "fast", "BASE_RPC_URL", "ftp://h.example.com/" + FunctionWorld.KEY);
    try (FunctionProcess function = new FunctionProcess(zip, variables)) {
      String first = function.failure("{}");
      assertThat(first)
          .startsWith("ConfigException (exit code 2 of the command line): 3 problems")
          .contains("TPS_CLAMP=fast is not accepted")
          .contains("BASE_RPC_URL: (hidden, host h.example.com) is not a URL")
          .contains("STORE is not set");
      assertThat(function.failure("{\"force_rollup\":true}")).isEqualTo(first);
      assertThat(function.log()).doesNotContain("CANARY");
    }
  }

  @Test
  void aSnapshotHoldsNoSecretAndAnEnvironmentStartsFromIt() throws InterruptedException {
    world.secret = world.node.url(FunctionWorld.KEY);
    int readsBefore = world.secretReads.get();
    Map<String, String> variables = new HashMap<>(world.variables());
    variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    variables.put("STORE", "s3://" + FunctionWorld.BUCKET + "/of-a-snapshot/");
    try (FunctionProcess function = new FunctionProcess(zip, variables)) {
      assertThat(function.api.snapshotTaken().await(60, java.util.concurrent.TimeUnit.SECONDS))
          .as(function.log())
          .isTrue();
      assertThat(function.log()).contains("\"message\":\"Ready for a snapshot\"");
      assertThat(world.secretReads.get())
          .as("nothing is read before the snapshot")
          .isEqualTo(readsBefore);
      assertThat(function.log()).doesNotContain("Started from a snapshot");
      function.api.restore();
      assertThat(function.report("{}").path("coldStart").booleanValue()).isTrue();
      assertThat(function.log()).contains("\"message\":\"Started from a snapshot\"");
      assertThat(world.secretReads.get()).isEqualTo(readsBefore + 1);
    }
  }
}
