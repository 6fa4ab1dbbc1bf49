package org.mor.throughput.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A node that replays recorded answers of the real contract, started as a process of its own.
 * Recording and node are looked for in the folder that the property {@code rehearsal.dir} names;
 * where they are absent, tests that need them are skipped.
 */
public final class ReplayNode implements AutoCloseable {
  private final Process process;
  private final URI url;

  private ReplayNode(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** The folder of the recording; the calling test is skipped when it is not there. */
  public static Path folder() {
    Path folder = Path.of(System.getProperty("rehearsal.dir", "../shared/chain"));
    assumeTrue(
        Files.exists(folder.resolve("replay.js")),
        "no recording of the real contract in " + folder + " (set -Drehearsal.dir)");
    return folder;
  }

  /** What was asked of the contract, session by session. */
  public static JsonNode truth() throws IOException {
    return read(folder().resolve("rehearsal-truth.json.gz"));
  }

  private static JsonNode read(Path truth) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(truth))) {
      return new ObjectMapper().readTree(in);
    }
  }

  /** Starts a node with these options, such as {@code --max-range 2000}. */
  public static ReplayNode start(String... options) throws IOException {
    return start(folder().resolve("rehearsal.json.gz"), options);
  }

  /** Starts a node on another recording, such as a {@link Fork}. */
  public static ReplayNode start(Path recording, String... options) throws IOException {
    Path folder = folder();
    List<String> command = new ArrayList<>();
    command.add("node");
    command.add(folder.resolve("replay.js").toString());
    command.add(recording.toString());
    command.addAll(List.of(options));
    Process process = started(command);
    return new ReplayNode(process, printed(process));
  }

  /** The URL that a server prints first. */
  static URI printed(Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    assertThat(line).as("what the server printed first").startsWith("http://");
    return URI.create(line.trim());
  }

  static Process started(List<String> command) throws IOException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, command.get(0) + " is not installed: " + e.getMessage());
      throw e;
    }
  }

  /** The recording of the same chain after a reorganisation, and what is true there. */
  public record Fork(Path recording, JsonNode truth) {
    /**
     * Makes one in {@code to}.
     *
     * @param above the last block that both chains have
     */
    public static Fork make(Path to, long above, int seed) throws IOException {
      Path folder = folder();
      Path recording = to.resolve("fork.json.gz");
      Path truth = to.resolve("truth.json.gz");
      Process making =
          started(
              List.of(
                  "python3",
                  folder.resolve("fork.py").toString(),
                  folder.resolve("rehearsal.json.gz").toString(),
                  recording.toString(),
                  Long.toString(above),
                  "--seed",
                  Integer.toString(seed),
                  "--truth",
                  folder.resolve("rehearsal-truth.json.gz").toString(),
                  "--truth-out",
                  truth.toString()));
      String said = new String(making.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said).as("fork.py").contains("closes never happened");
      return new Fork(recording, read(truth));
    }
  }

  public String url() {
    return url.toString();
  }

  /** From now on the chain ends there. */
  public void head(long block) throws IOException, InterruptedException {
    control("{\"head\":%d}".formatted(block));
  }

  /** Changes how it behaves from now on, such as {@code {"lag":30}}. */
  public void control(String json) throws IOException, InterruptedException {
    post(url.resolve("/__control"), json);
  }

  /** How many HTTP requests were answered so far. */
  public long httpRequests() throws IOException, InterruptedException {
    return get(url.resolve("/__stats")).get("http").asLong();
  }

  static void post(URI to, String json) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(to).POST(HttpRequest.BodyPublishers.ofString(json)).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  static JsonNode get(URI from) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(from).build(), HttpResponse.BodyHandlers.ofString());
    return new ObjectMapper().readTree(answer.body());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
