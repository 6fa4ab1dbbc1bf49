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
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code indexer live} as a process of its own, and clients of it. */
final class LiveProcess implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /** One for all: the server bounds the connections of an address. */
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final URI address;
  private final Thread log;

  private LiveProcess(Process process, URI address, Thread log) {
    this.process = process;
    this.address = address;
    this.log = log;
  }

  /**
   * Starts it on a free port.
   *
   * @param home where it keeps its files, and where {@code log} holds what it says
   */
  static LiveProcess start(Path home, Map<String, String> environment, String... options)
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
    builder.command().addAll(List.of(options));
    builder
        .environment()
        .putAll(Map.of("STORE", "file:store", "LIVE_POLL_MS", "20", "LIVE_DIR", "live"));
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line; (line = lines.readLine()) != null; ) {
      said.append(line).append('\n');
      if (line.startsWith("Streaming at ")) {
        Thread rest = new Thread(() -> keep(home, said, lines));
        rest.setDaemon(true);
        rest.start();
        URI address = URI.create(line.replaceAll("Streaming at (\\S+) .*", "$1"));
        return new LiveProcess(process, address, rest);
      }
    }
    throw new AssertionError("It ended: " + said);
  }

  private static void keep(Path home, StringBuilder said, BufferedReader lines) {
    try {
      Files.writeString(
          home.resolve("log"),
          said + lines.lines().collect(Collectors.joining("\n")) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException | java.io.UncheckedIOException e) {
      // The process was killed.
    }
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(address.resolve(path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The body of the first answer that is as wanted. */
  String await(String path, Predicate<HttpResponse<String>> wanted) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    HttpResponse<String> answer = get(path);
    while (!wanted.test(answer)) {
      assertThat(System.nanoTime()).as(path + ": " + answer.body()).isLessThan(until);
      TimeUnit.MILLISECONDS.sleep(20);
      answer = get(path);
    }
    return answer.body();
  }

  /** Waits until the chain was read. */
  void awaitFirstLook() throws Exception {
    String unused = await("/v1/status", answer -> answer.body().contains("head_block"));
  }

  /** The process is asked to end, and does in time. */
  void terminate() throws Exception {
    assertThat(new ProcessBuilder("kill", "-TERM", "" + process.pid()).start().waitFor()).isZero();
    assertThat(process.waitFor(5, TimeUnit.SECONDS)).as("SIGTERM ends it").isTrue();
  }

  /** The process is killed, if it is still there; what it said is in the file then. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    try {
      log.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Client listen(String path) {
    return new Client(URI.create(address.resolve(path).toString().replaceFirst("http", "ws")));
  }

  /** A client of the stream, which keeps what it hears. */
  static final class Client implements WebSocket.Listener {
    private final LinkedBlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();

    private Client(URI url) {
      HTTP.newWebSocketBuilder().buildAsync(url, this).join();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        heard.add(tree(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      heard.add(tree("{\"closed\": %d}".formatted(code)));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      heard.add(tree("{\"closed\": 0}"));
    }

    private static JsonNode tree(String text) {
      try {
        return JSON.readTree(text);
      } catch (IOException e) {
        throw new AssertionError(text, e);
      }
    }

    /** The next message; fails where none comes. */
    JsonNode next() throws InterruptedException {
      JsonNode message = heard.poll(30, TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("nothing was heard for 30 s");
      }
      return message;
    }

    /** What came and was not taken; null where there is nothing. */
    @Nullable JsonNode poll() {
      return heard.poll();
    }
  }
}
