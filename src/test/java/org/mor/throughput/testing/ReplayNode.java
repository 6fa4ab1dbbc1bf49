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
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(folder().resolve("rehearsal-truth.json.gz")))) {
      return new ObjectMapper().readTree(in);
    }
  }

  /** Starts a node with these options, such as {@code --max-range 2000}. */
  public static ReplayNode start(String... options) throws IOException {
    return startOn(folder().resolve("rehearsal.json.gz"), options);
  }

  /**
   * Makes the recording of the same chain after a reorganisation; the calling test is skipped where
   * that is not possible.
   *
   * @param above the last block that stays as it is
   */
  public static Path forked(Path into, long above) throws IOException, InterruptedException {
    Path folder = folder();
    Path fork = into.resolve("fork-" + above + ".json.gz");
    Process process;
    try {
      process =
          new ProcessBuilder(
                  "python3",
                  folder.resolve("fork.py").toString(),
                  folder.resolve("rehearsal.json.gz").toString(),
                  fork.toString(),
                  Long.toString(above))
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "python3 is not installed: " + e.getMessage());
      throw e;
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return fork;
  }

  /** Starts a node on a recording. */
  public static ReplayNode startOn(Path recording, String... options) throws IOException {
    Path folder = folder();
    List<String> command = new ArrayList<>();
    command.add("node");
    command.add(folder.resolve("replay.js").toString());
    command.add(recording.toString());
    command.addAll(List.of(options));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "node is not installed: " + e.getMessage());
      throw e;
    }
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    assertThat(line).as("what the replaying node printed first").startsWith("http://");
    return new ReplayNode(process, URI.create(line.trim()));
  }

  public String url() {
    return url.toString();
  }

  /** From now on the chain ends there. */
  public void head(long block) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(url.resolve("/__control"))
                    .POST(HttpRequest.BodyPublishers.ofString("{\"head\":%d}".formatted(block)))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  /** How many HTTP requests were answered so far. */
  public long httpRequests() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(url.resolve("/__stats")).build(),
                HttpResponse.BodyHandlers.ofString());
    return new ObjectMapper().readTree(answer.body()).get("http").asLong();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
