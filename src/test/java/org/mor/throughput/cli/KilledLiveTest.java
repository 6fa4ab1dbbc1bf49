package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;

/**
 * The live server as a process of its own, killed at any moment: a client that resumes hears every
 * final event once. {@code -Dlive.kills=50} kills it more often.
 */
class KilledLiveTest {
  private static final int KILLS = Integer.getInteger("live.kills", 3);
  private static final JsonMapper JSON = new JsonMapper();

  /** Sessions are spread over so many blocks each time. */
  private static final long BLOCKS = 300;

  private final List<String> events = new ArrayList<>();
  private long last = -1;
  private long through;

  private static LiveProcess start(
      Path home, SimulatedNode node, Map<String, String> variables, String... options)
      throws IOException {
    Map<String, String> all = new HashMap<>(variables);
    all.put("BASE_RPC_URL", EndToEnd.keyed(node.url()));
    return LiveProcess.start(home, all, options);
  }

  @Test
  void aClientThatResumesHearsEveryFinalEventOnce(@TempDir Path home) throws Exception {
    SplittableRandom random = new SplittableRandom(3);
    SimulatedMarket market = SmallMarket.create();
    long start = market.head() - 400;
    try (SimulatedNode node = SmallMarket.serve(market)) {
      for (int kill = 0; kill <= KILLS; kill++) {
        LiveProcess.Client client;
        try (LiveProcess live = start(home, node, Map.of())) {
          client = listen(live, kill > 0);
          live.awaitFirstLook(); // The stream begins at the head of its first look.
          for (int i = 0; i < 3; i++) {
            market.extend(BLOCKS, 4);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(150));
          }
          if (kill == KILLS) {
            long end = market.head() - 400;
            hearUntil(client, end);
            live.terminate();
            assertThat(events)
                .doesNotHaveDuplicates()
                .isEqualTo(stored(home, market, node, start, end));
          }
        }
        drain(client);
      }
      assertThat(Files.readString(home.resolve("log"))).doesNotContain(EndToEnd.CANARY, "\tat ");
    }
  }

  @Test
  void withIndexDocumentsAppearAndTheStreamGoesOnInTheNextProcess(@TempDir Path home)
      throws Exception {
    SimulatedMarket market = SmallMarket.create();
    Map<String, String> variables = Map.of("START_BLOCK", "" + market.startBlock());
    List<String> summaries = new ArrayList<>();
    try (SimulatedNode node = SmallMarket.serve(market)) {
      for (int run = 0; run < 2; run++) {
        LiveProcess.Client client;
        try (LiveProcess live = start(home, node, variables, "--index")) {
          client = listen(live, run > 0);
          live.awaitFirstLook();
          long before = last;
          market.extend(BLOCKS, 4);
          market.extend(BLOCKS, 4);
          hearUntil(client, market.head() - 400);
          assertThat(last).isGreaterThan(before);
          summaries.add(
              live.await(
                  "/api/throughput/summary.json",
                  answer -> answer.statusCode() == 200 && !summaries.contains(answer.body())));
          assertThat(live.get("/").body()).contains("<html");
          live.terminate();
        }
        drain(client);
      }
    }
    assertThat(events).isNotEmpty().doesNotHaveDuplicates();
  }

  private LiveProcess.Client listen(LiveProcess live, boolean again) throws InterruptedException {
    LiveProcess.Client client =
        live.listen("v1/ws?min_stage=finalized" + (again ? "&resume_from=" + last : ""));
    JsonNode first = client.next();
    assertThat(first.path("mode").asText()).isEqualTo(again ? "resume" : "snapshot");
    if (!again) {
      last = first.path("newest_seqno").asLong();
    }
    return client;
  }

  private void hear(JsonNode message) {
    if (message.has("through_seqno")) {
      last = Math.max(last, message.path("through_seqno").asLong());
    }
    if (message.has("server_seqno")) {
      assertThat(message.path("server_seqno").asLong()).isGreaterThan(last);
      last = message.path("server_seqno").asLong();
      String name = message.path("event_name").asText();
      if (name.equals("SessionOpened") || name.equals("SessionClosed")) {
        events.add(event(name, message.path("block_number"), message.path("log_index")));
      } else if (name.equals("BlockStage")) {
        through = message.path("block_number").asLong();
      }
    }
  }

  private static String event(String name, JsonNode block, JsonNode log) {
    return "%s %s %s".formatted(name, block.asText(), log.asText());
  }

  private void drain(LiveProcess.Client client) {
    for (JsonNode message; (message = client.poll()) != null; ) {
      hear(message);
    }
  }

  private void hearUntil(LiveProcess.Client client, long block) throws InterruptedException {
    while (through < block) {
      hear(client.next());
    }
  }

  /** What a backfill of the same blocks stores. */
  private static List<String> stored(
      Path home, SimulatedMarket market, SimulatedNode node, long start, long end)
      throws IOException {
    EndToEnd cli =
        new EndToEnd(home.resolve("calm"))
            .with("START_BLOCK", "" + market.startBlock())
            .node(node.url());
    Files.createDirectories(home.resolve("calm"));
    cli.run("backfill --start-block %d --end-block %d".formatted(start + 1, end)).done();
    List<String> rows = new ArrayList<>();
    for (String what : List.of("opens", "closes")) {
      String name = what.equals("opens") ? "SessionOpened" : "SessionClosed";
      cli.run("export --format ndjson --what %s --out -".formatted(what))
          .out()
          .lines()
          .forEach(
              line -> {
                try {
                  JsonNode row = JSON.readTree(line);
                  rows.add(event(name, row.path("blockNumber"), row.path("logIndex")));
                } catch (IOException e) {
                  throw new AssertionError(line, e);
                }
              });
    }
    rows.sort(
        java.util.Comparator.comparingLong((String row) -> Long.parseLong(row.split(" ", -1)[1]))
            .thenComparingLong(row -> Long.parseLong(row.split(" ", -1)[2])));
    return rows;
  }
}
