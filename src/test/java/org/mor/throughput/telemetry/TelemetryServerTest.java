package org.mor.throughput.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.base.Json;
import org.mor.throughput.serve.StoreServer;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;

/** Over real sockets, on a real file. */
class TelemetryServerTest {
  private static final String TOKEN = "a-token-of-the-test";
  private static final String SUMMARY = "{\"text\":\"" + "abc".repeat(1000) + "\"}";

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final AtomicLong millis = new AtomicLong(System.currentTimeMillis());
  private final HttpClient client = HttpClient.newHttpClient();
  private Path file;
  private Telemetry telemetry;
  private StoreServer server;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    store.create(
        new ObjectKey("summary.json"), SUMMARY.getBytes(UTF_8), ObjectAttributes.PUBLISHED_JSON);
    file = directory.resolve("telemetry.db");
    telemetry = new Telemetry(file, () -> Instant.ofEpochMilli(millis.get()), System::nanoTime);
    server = server(Optional.of(TOKEN));
  }

  @AfterEach
  void stop() {
    server.close();
    telemetry.close();
  }

  private StoreServer server(Optional<String> token) throws IOException {
    return StoreServer.start(
        store,
        "127.0.0.1",
        0,
        "",
        (documents, executor) -> telemetry.around(documents, List.of("127.0.0.1"), token));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.address() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> figures(String path) throws Exception {
    return send(request(path).header("Authorization", "Bearer " + TOKEN));
  }

  private JsonNode json(String path) throws Exception {
    HttpResponse<String> answer = figures("api/telemetry/" + path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.PLAIN.readTree(answer.body());
  }

  /** Asks until what was asked before is counted: an answer is there before its request's end. */
  private String metrics(String line) throws Exception {
    for (int i = 0; i < 1_000; i++) {
      telemetry.step();
      String text = figures("metrics").body();
      if (text.contains(line)) {
        return text;
      }
    }
    throw new AssertionError(line + " is not in " + figures("metrics").body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"metrics", "api/telemetry/stats", "api/telemetry/none"})
  void withoutTheTokenNothingIsShown(String path) throws Exception {
    for (String wrong : List.of("Bearer", "Bearer " + TOKEN + "x", "Basic " + TOKEN, TOKEN)) {
      HttpResponse<String> answer = send(request(path).header("Authorization", wrong));
      assertThat(answer.statusCode()).as(wrong).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      assertThat(answer.body()).doesNotContain(TOKEN);
    }
    assertThat(send(request(path)).statusCode()).isEqualTo(401);
    HttpRequest.Builder post =
        request(path)
            .method("POST", BodyPublishers.noBody())
            .header("Authorization", "Bearer " + TOKEN);
    assertThat(send(post).statusCode()).isEqualTo(405);
    try (StoreServer other = server(Optional.empty())) {
      HttpRequest.Builder asked = HttpRequest.newBuilder(other.address().resolve(path));
      assertThat(send(asked.header("Authorization", "Bearer ")).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void prometheusReadsWhatWasAsked() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(send(request("summary.json")).statusCode()).isEqualTo(200);
    }
    assertThat(send(request("nothing-here")).statusCode()).isEqualTo(404);
    String labels = "{uri=\"/api/throughput/summary.json\",outcome=\"SUCCESS\"";
    metrics("http_server_requests_seconds_count" + labels + "} 3\n");
    String text =
        metrics("http_server_requests_seconds_count{uri=\"other\",outcome=\"CLIENT_ERROR\"} 1\n");
    assertThat(figures("metrics").headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(text)
        .contains(
            "# TYPE http_server_requests_seconds histogram\n",
            "http_server_requests_seconds_bucket" + labels + ",le=\"0.0005\"} ",
            "http_server_requests_seconds_bucket" + labels + ",le=\"+Inf\"} 3\n",
            "http_server_response_bytes_total" + labels + "} " + 3 * SUMMARY.length() + "\n",
            "uri=\"other\",outcome=\"CLIENT_ERROR\",le=\"+Inf\"} 1\n",
            "telemetry_paused 0\n");
    List<Long> buckets = new ArrayList<>();
    text.lines()
        .filter(line -> line.startsWith("http_server_requests_seconds_bucket" + labels))
        .forEach(line -> buckets.add(Long.parseLong(line.replaceAll(".* ", ""))));
    assertThat(buckets).hasSize(14).isSorted().endsWith(3L);
    assertThat(text.lines().filter(line -> line.matches("# TYPE .*")).distinct().count())
        .isEqualTo(text.lines().filter(line -> line.matches("# TYPE .*")).count());
    assertThat(text.lines())
        .allMatch(
            line ->
                line.matches(
                    "# TYPE [a-z_]+ [a-z]+|[a-z_]+(\\{[^}]*}|\\{.*\\{month}.*}) [0-9.E]+|[a-z_]+ [0-9.E]+"));
  }

  @Test
  void visitorsBehindATrustedProxyAreToldApartAndNoAddressIsKept() throws Exception {
    for (String address : List.of("203.0.113.7", "203.0.113.8", "203.0.113.7", "2001:db8::7")) {
      assertThat(send(request("health").header("X-Forwarded-For", address)).statusCode())
          .isEqualTo(200);
    }
    String unused = metrics("uri=\"/health\",outcome=\"SUCCESS\",le=\"+Inf\"} 4\n");
    telemetry.step();
    int own = 1; // The one who asks for the figures.
    assertThat(json("visitors").at("/days/0/visitors").asInt()).isEqualTo(3 + own);
    assertThat(json("requests?limit=1000").path("requests").findValuesAsText("visitor"))
        .allMatch(visitor -> visitor.matches("[0-9a-f]{16}"));
    for (Path one : List.of(file, file.resolveSibling("telemetry.db-wal"))) {
      assertThat(Files.readString(one, java.nio.charset.StandardCharsets.ISO_8859_1))
          .doesNotContain("203.0.113", "2001:db8", "127.0.0.1");
    }
  }

  @Test
  void theFiguresAreSummedUpForADayAndAWeek() throws Exception {
    String etag = send(request("summary.json")).headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> known = send(request("summary.json").header("If-None-Match", etag));
    assertThat(known.statusCode()).isEqualTo(304);
    assertThat(known.headers().firstValue("Vary")).hasValue("Accept-Encoding");
    assertThat(known.headers().firstValue("ETag")).hasValue(etag);
    String unused = metrics("outcome=\"REDIRECTION\",le=\"+Inf\"} 1\n");
    telemetry.step();
    JsonNode windows = json("summary").path("windows");
    assertThat(windows.findValuesAsText("days")).containsExactly("1", "7");
    for (JsonNode window : windows) {
      assertThat(window.path("p50Ms").isNull()).as("of two requests, no median is shown").isTrue();
      JsonNode route = Json.PLAIN.missingNode();
      for (JsonNode one : window.path("routes")) {
        route = one.path("route").asText().endsWith("summary.json") ? one : route;
      }
      assertThat(route.path("requests").asInt()).isEqualTo(2);
      assertThat(route.path("bytes").asInt()).isEqualTo(SUMMARY.length());
    }
    assertThat(json("requests?limit=1").path("requests")).hasSize(1);
    assertThat(json("runs").path("runs")).isEmpty();
    for (String bad : List.of("limit=0", "limit=1001", "limit=x", "limit=-1", "other=1")) {
      assertThat(figures("api/telemetry/requests?" + bad).statusCode()).as(bad).isEqualTo(400);
    }
    assertThat(figures("api/telemetry/users").statusCode()).isEqualTo(404);
  }

  @Test
  void theSummaryIsAddedUpOnceAMinute() throws Exception {
    String unused = metrics("telemetry_paused 0\n");
    JsonNode first = json("summary");
    assertThat(send(request("summary.json")).statusCode()).isEqualTo(200);
    assertThat(metrics("uri=\"/api/throughput/summary.json\"")).isNotEmpty();
    assertThat(json("summary")).as("of the same minute").isEqualTo(first);
    Files.move(file, file.resolveSibling("away"));
    assertThat(figures("api/telemetry/summary").statusCode()).isEqualTo(503);
    Files.move(file.resolveSibling("away"), file);
    millis.addAndGet(60_000);
    telemetry.step();
    assertThat(json("summary").toString()).contains("/api/throughput/summary.json");
  }

  @Test
  void streamsAreShownAsTheyAre() throws Exception {
    telemetry.streams(() -> 7, () -> 9);
    assertThat(json("stats").at("/stats/streamClients").asInt()).isEqualTo(7);
    assertThat(figures("metrics").body())
        .contains("live_stream_clients 7\n", "live_stream_drops_total 9\n");
  }

  @Test
  void aFileThatCannotBeUsedNeverStopsServing() throws Exception {
    Files.writeString(
        file, "this is no database, and it is long enough to look like one".repeat(50));
    for (int i = 0; i < 3; i++) {
      assertThat(send(request("summary.json")).body()).isEqualTo(SUMMARY);
      telemetry.step();
    }
    assertThat(json("stats").at("/stats/state").asText()).isEqualTo("paused");
    assertThat(json("stats").at("/stats/reason").asText()).contains("not a database");
    assertThat(figures("metrics").body()).contains("telemetry_paused 1\n");
    HttpResponse<String> summary = figures("api/telemetry/summary");
    assertThat(summary.statusCode()).isEqualTo(503);
    assertThat(summary.body()).doesNotContain(file.toString());
  }

  @Test
  void aClientThatLeavesIsCountedAndHoldsNobodyUp() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      socket
          .getOutputStream()
          .write("GET /summary.json HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));
      socket.setSoLinger(true, 0);
    }
    String text = metrics("uri=\"/api/throughput/summary.json\"");
    assertThat(text).contains("telemetry_requests_lost_total 0\n");
    assertThat(send(request("summary.json")).body()).isEqualTo(SUMMARY);
  }
}
