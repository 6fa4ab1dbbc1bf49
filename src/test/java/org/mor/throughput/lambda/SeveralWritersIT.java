package org.mor.throughput.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.config.Config;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.BackfillRequest;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.logging.Redactor;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.wiring.Graph;
import org.mor.throughput.wiring.Tempo;

/** Two environments at the same time, and an operator's backfill beside them. */
class SeveralWritersIT {
  @Test
  void environmentsAndABackfillSideBySideLoseNothing(@TempDir Path directory) throws Exception {
    try (FunctionWorld world = new FunctionWorld()) {
      Path zip = FunctionZip.unpackInto(directory);
      try (FunctionProcess first = new FunctionProcess(zip, world.variables());
          FunctionProcess second = new FunctionProcess(zip, world.variables())) {
        first.report("{}");
        second.report("{}");
        world.market.extend(3_000, 40);
        CompletableFuture<FakeRuntimeApi.Ended> one =
            first.api.invoke("{\"force_rollup\":true}", Duration.ofMinutes(5));
        CompletableFuture<FakeRuntimeApi.Ended> other =
            second.api.invoke("{\"force_rollup\":true}", Duration.ofMinutes(5));
        backfill(world);
        assertThat(one.get(90, TimeUnit.SECONDS).ok()).as(one.get().body()).isTrue();
        assertThat(other.get(90, TimeUnit.SECONDS).ok()).as(other.get().body()).isTrue();

        JsonNode last = first.report("{\"force_rollup\":true}");
        assertThat(last.path("gaps").intValue()).isZero();
        assertThat(last.path("lagBlocks").longValue()).isEqualTo(20);
        assertThat(sessions(world.s3.objects(), FunctionWorld.PREFIX))
            .isEqualTo(sessionsOfAScanAlone(world, directory.resolve("alone")));
        assertThat(first.log() + second.log()).doesNotContain("CANARY");
      }
    }
  }

  private static void backfill(FunctionWorld world) {
    Map<String, String> variables = new HashMap<>(world.variables());
    variables.put("BASE_RPC_URL", world.node.url(FunctionWorld.KEY));
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    try {
      run(graph(variables), world);
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }

  private static Graph graph(Map<String, String> variables) {
    return new Graph(Config.parse(variables), Path.of("target"), new Redactor(), Tempo.real());
  }

  private static void run(Graph graph, FunctionWorld world) {
    Backfill backfill =
        new Backfill(graph.chain(), graph.settings(), graph.ledger(), graph.patience());
    backfill.run(
        backfill.plan(new BackfillRequest(world.market.startBlock(), OptionalLong.empty(), false)),
        RunBudget.unlimited(),
        ScanListener.none());
  }

  private static Set<String> sessionsOfAScanAlone(FunctionWorld world, Path directory)
      throws IOException {
    Map<String, String> variables = new HashMap<>(world.variables());
    variables.put("BASE_RPC_URL", world.node.url(FunctionWorld.KEY));
    variables.put("STORE", "file:" + directory);
    Graph graph = graph(variables);
    run(graph, world);
    Map<String, byte[]> objects = new HashMap<>();
    for (ObjectInfo object : graph.store().list("raw/")) {
      objects.put(object.key().toString(), graph.store().find(object.key()).orElseThrow().body());
    }
    return sessions(objects, "");
  }

  /** Each stored row as its partition's kind and session. */
  private static Set<String> sessions(Map<String, byte[]> objects, String prefix) {
    Set<String> sessions = new TreeSet<>();
    objects.forEach(
        (key, body) -> {
          if (key.startsWith(prefix + "raw/")) {
            String kind = key.substring(prefix.length()).split("/", -1)[1];
            text(body)
                .lines()
                .map(line -> kind + FunctionProcess.json(line).path("sessionId").textValue())
                .forEach(sessions::add);
          }
        });
    return sessions;
  }

  private static String text(byte[] gzip) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
