package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

  @Test
  void aClientThatResumesHearsEveryFinalEventOnce(@TempDir Path home) throws Exception {
    SplittableRandom random = new SplittableRandom(3);
    SimulatedMarket market = SmallMarket.create();
    long start = market.head() - 400;
    try (SimulatedNode node = SmallMarket.serve(market)) {
      for (int kill = 0; kill <= KILLS; kill++) {
        Process process = start(home, node.url(), Map.of());
        try {
          URI address = printed(process, home);
          listen(address, kill > 0);
          while (kill == 0 && !status().contains("head_block")) {
            Thread.onSpinWait(); // The stream begins at the head of its first look.
          }
          for (int i = 0; i < 3; i++) {
            market.extend(BLOCKS, 4);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(150));
          }
          if (kill == KILLS) {
            long end = market.head() - 400;
            hearUntil(end);
            assertThat(new ProcessBuilder("kill", "-TERM", "" + process.pid()).start().waitFor())
                .isZero();
            assertThat(process.waitFor(5, TimeUnit.SECONDS)).as("SIGTERM ends it").isTrue();
            assertThat(heard.poll(5, TimeUnit.SECONDS)).isNotNull();
            assertThat(events)
                .doesNotHaveDuplicates()
                .isEqualTo(stored(home, market, node, start, end));
          }
        } finally {
          process.destroyForcibly().waitFor();
          drain();
        }
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
        Process process = start(home, node.url(), variables, "--index");
        try {
          listen(printed(process, home), run > 0);
          while (get("/v1/status").statusCode() != 200 || !status().contains("head_block")) {
            Thread.onSpinWait();
          }
          long before = last;
          market.extend(BLOCKS, 4);
          market.extend(BLOCKS, 4);
          long end = market.head() - 400;
          hearUntil(end);
          assertThat(last).isGreaterThan(before);
          HttpResponse<String> summary = get("/api/throughput/summary.json");
          for (long until = System.nanoTime() + 60_000_000_000L;
              summary.statusCode() != 200 || summaries.contains(summary.body()); ) {
            assertThat(System.nanoTime()).as("a new summary").isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(50);
            summary = get("/api/throughput/summary.json");
          }
          summaries.add(summary.body());
          assertThat(get("/").body()).contains("<html");
          new ProcessBuilder("kill", "-TERM", "" + process.pid()).start().waitFor();
          assertThat(process.waitFor(5, TimeUnit.SECONDS)).as("SIGTERM ends it").isTrue();
        } finally {
          process.destroyForcibly().waitFor();
          drain();
        }
      }
    }
    assertThat(events).isNotEmpty().doesNotHaveDuplicates();
  }

  private static final String CLOSED = "closed";
  private LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();

  private URI server = URI.create("http://127.0.0.1/");

  private void listen(URI address, boolean again) throws Exception {
    server = address;
    LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
    heard = queue;
    String query = "v1/ws?min_stage=finalized" + (again ? "&resume_from=" + last : "");
    HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .buildAsync(
            URI.create(address.toString().replace("http", "ws") + query),
            new WebSocket.Listener() {
              private final StringBuilder text = new StringBuilder();

              @Override
              public @Nullable CompletionStage<?> onText(
                  WebSocket from, CharSequence data, boolean whole) {
                text.append(data);
                if (whole) {
                  queue.add(text.toString());
                  text.setLength(0);
                }
                from.request(1);
                return null;
              }

              @Override
              public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                queue.add(CLOSED);
                return null;
              }

              @Override
              public void onError(WebSocket from, Throwable error) {
                queue.add(CLOSED);
              }
            })
        .join();
    JsonNode first = JSON.readTree(heard.poll(20, TimeUnit.SECONDS));
    assertThat(first.path("mode").asText()).isEqualTo(again ? "resume" : "snapshot");
    if (!again) {
      last = first.path("newest_seqno").asLong();
    }
  }

  private void hear(String text) throws IOException {
    if (text.equals(CLOSED)) {
      return;
    }
    JsonNode message = JSON.readTree(text);
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

  private void drain() throws IOException {
    for (String text; (text = heard.poll()) != null; ) {
      hear(text);
    }
  }

  private void hearUntil(long block) throws Exception {
    while (through < block) {
      String text = heard.poll(30, TimeUnit.SECONDS);
      if (text == null) {
        throw new AssertionError("Nothing heard; final so far: block " + through + ", " + status());
      }
      hear(text);
    }
  }

  private String status() throws Exception {
    return get("/v1/status").body();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(server.resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString());
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

  private static Process start(Path home, String url, Map<String, String> variables, String... more)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dindexer.home=" + home,
            "-cp",
            System.getProperty("java.class.path"),
            "org.mor.throughput.cli.Main",
            "live",
            "--port",
            "0");
    builder.environment().put("STORE", "file:store");
    builder.environment().put("LIVE_POLL_MS", "20");
    builder.environment().put("LIVE_DIR", "live");
    builder.environment().put("BASE_RPC_URL", EndToEnd.keyed(url));
    builder.environment().putAll(variables);
    builder.command().addAll(List.of(more));
    builder.redirectErrorStream(true);
    return builder.start();
  }

  /** The address that the process says it serves at; the rest of what it says goes to a file. */
  private static URI printed(Process process, Path home) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line; (line = lines.readLine()) != null; ) {
      said.append(line).append('\n');
      if (line.startsWith("Streaming at ")) {
        Thread rest =
            new Thread(
                () -> {
                  try {
                    Files.writeString(
                        home.resolve("log"),
                        said + lines.lines().collect(java.util.stream.Collectors.joining("\n")),
                        java.nio.file.StandardOpenOption.CREATE,
                        java.nio.file.StandardOpenOption.APPEND);
                  } catch (IOException | java.io.UncheckedIOException e) {
                    // The process was killed.
                  }
                });
        rest.setDaemon(true);
        rest.start();
        return URI.create(line.replaceAll("Streaming at (\\S+) .*", "$1"));
      }
    }
    throw new AssertionError("It ended: " + said);
  }
}
