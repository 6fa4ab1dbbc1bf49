package org.mor.throughput.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreRefusedException;
import org.mor.throughput.testing.ForwardingStore;
import org.mor.throughput.testing.Languages;

class StoreServerTest {
  private static final String SUMMARY = "{\"schemaVersion\":1,\"asOfTime\":\"<b>2026</b>\"}";

  private final MemoryObjectStore store = new MemoryObjectStore();
  private final HttpClient client = HttpClient.newHttpClient();
  private StoreServer server;

  @BeforeEach
  void start() throws IOException {
    put("summary.json", SUMMARY);
    put("rollup/daily.json", "[]");
    put("state/cursor.json", "{\"private\":1}");
    put("raw/closes/2026-04.ndjson.gz", "private");
    server = StoreServer.start(store, 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"summary.json", "api/throughput/summary.json"})
  void aPublishedDocumentIsServedWithItsHeaders(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(SUMMARY);
    assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
    assertThat(header(answer, "Cache-Control")).isEqualTo("public, max-age=60");
    assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(answer, "Content-Security-Policy")).startsWith("default-src 'none'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state/cursor.json",
        "raw/closes/2026-04.ndjson.gz",
        "api/throughput/state/cursor.json",
        "rollup/../state/cursor.json",
        "rollup/%2e%2e/state/cursor.json",
        "rollup%2fdaily.json",
        "rollup/",
        "rollup/none.json",
        "stuck-sessions.json",
        "etc/passwd"
      })
  void whatIsNotPublishedIsNotThere(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body())
        .isEqualToIgnoringNewLines("{\"status\":404,\"error\":\"there is no such document\"}");
    assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
  }

  @Test
  void theAddressAndTheListAreTheSameInEveryLanguage() throws Exception {
    String list = get("").body();
    for (Locale language : Languages.ALL) {
      Languages.in(
          language,
          () -> {
            try (StoreServer other = StoreServer.start(store, 0)) {
              assertThat(other.address().getPort()).as("%s", language).isPositive();
            }
            assertThat(get("").body()).as("%s", language).isEqualTo(list);
          });
    }
  }

  @Test
  void pathsThatClimbAreNotResolved() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write("GET /rollup/../state/cursor.json HTTP/1.0\r\n\r\n".getBytes(UTF_8));
      out.flush();
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 404")
          .doesNotContain("private");
    }
  }

  @Test
  void anUnchangedDocumentIsNotSentAgain() throws Exception {
    String etag = header(get("summary.json"), "ETag");
    assertThat(etag).matches("\"[0-9a-f]{64}\"");
    for (String known : List.of(etag, "W/" + etag, "\"other\", " + etag, "*")) {
      HttpResponse<String> answer = send(request("summary.json").header("If-None-Match", known));
      assertThat(answer.statusCode()).as(known).isEqualTo(304);
      assertThat(answer.body()).isEmpty();
    }
    assertThat(send(request("summary.json").header("If-None-Match", "\"other\"")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void headSendsTheHeadersAlone() throws Exception {
    HttpResponse<String> answer =
        send(request("summary.json").method("HEAD", BodyPublishers.noBody()));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(header(answer, "Content-Length")).isEqualTo("" + SUMMARY.length());
    assertThat(header(answer, "ETag")).isEqualTo(header(get("summary.json"), "ETag"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
  void nothingCanBeChanged(String method) throws Exception {
    HttpResponse<String> answer =
        send(request("summary.json").method(method, BodyPublishers.ofString("{}")));
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(header(answer, "Allow")).isEqualTo("GET, HEAD, OPTIONS");
    assertThat(get("summary.json").body()).isEqualTo(SUMMARY);
  }

  @Test
  void scriptsOfAnyOriginMayReadEveryAnswer() throws Exception {
    String etag = header(get("summary.json"), "ETag");
    for (HttpRequest.Builder request :
        List.of(
            request("summary.json"),
            request("summary.json").header("If-None-Match", etag),
            request("api/throughput/none.json"),
            request("api/analytics/throughput"),
            request("openapi.json"))) {
      HttpResponse<String> answer = send(request.header("Origin", "https://example.org"));
      assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
      assertThat(header(answer, "Access-Control-Expose-Headers")).isEqualTo("ETag");
      assertThat(header(answer, "Access-Control-Allow-Credentials")).isEqualTo("(none)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"summary.json", "api/analytics/throughput", "none"})
  void aPreflightAllowsReadingWithAnyHeader(String path) throws Exception {
    HttpResponse<String> answer =
        send(
            request(path)
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "https://example.org")
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "if-none-match"));
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(header(answer, "Access-Control-Allow-Methods")).isEqualTo("GET, HEAD, OPTIONS");
    assertThat(header(answer, "Access-Control-Allow-Headers")).isEqualTo("*");
    assertThat(header(answer, "Access-Control-Max-Age")).isEqualTo("86400");
  }

  @Test
  void theIndexListsDocumentsWithSizeAndTimeEscaped() throws Exception {
    HttpResponse<String> answer = get("");
    assertThat(header(answer, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(answer.body())
        .contains(
            "<a href=\"/summary.json\">summary.json</a></td><td>%d</td>"
                .formatted(SUMMARY.length()),
            "&lt;b&gt;2026&lt;/b&gt;",
            "rollup/daily.json</a></td><td>2</td><td>unknown</td>")
        .doesNotContain("<b>2026", "<script", "raw/", "state/");
  }

  @Test
  void thePageOfTheSummaryIsServedAsHtml() throws Exception {
    put("summary.html", "<!doctype html>");
    for (String path : List.of("summary.html", "api/throughput/summary.html")) {
      HttpResponse<String> answer = get(path);
      assertThat(answer.body()).isEqualTo("<!doctype html>");
      assertThat(header(answer, "Content-Type")).isEqualTo("text/html; charset=utf-8");
      assertThat(header(answer, "Cache-Control")).isEqualTo("public, max-age=60");
    }
  }

  @Test
  void healthSaysWhetherAnythingIsPublished() throws Exception {
    assertThat(get("health").body()).isEqualToIgnoringNewLines("{\"status\":\"ok\"}");
    try (StoreServer empty = StoreServer.start(new MemoryObjectStore(), 0)) {
      HttpResponse<String> answer = send(HttpRequest.newBuilder(empty.address().resolve("health")));
      assertThat(answer.body()).isEqualToIgnoringNewLines("{\"status\":\"empty\"}");
      assertThat(send(HttpRequest.newBuilder(empty.address())).body())
          .contains("Nothing is published yet");
    }
  }

  @Test
  void aStoreThatRefusesIsSaidWithoutDetails() throws Exception {
    try (StoreServer refused = StoreServer.start(new RefusingStore(), 0)) {
      for (String path : List.of("", "health", "summary.json")) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(refused.address().resolve(path)));
        assertThat(answer.statusCode()).as(path).isEqualTo(503);
        assertThat(answer.body())
            .contains("the store cannot be read now")
            .doesNotContain("/secret/dir");
      }
    }
  }

  @Test
  void aMonthOfCellsMayBeKeptForEver() throws Exception {
    put("rollup/performance/2026-03.0123abcd.json", "{}");
    HttpResponse<String> answer = get("api/throughput/rollup/performance/2026-03.0123abcd.json");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
  }

  @Test
  void everyAnswerHasTheHeadersOfProductionButTheOneForTls() throws Exception {
    JsonNode headers = new JsonMapper().readTree(Files.readString(Path.of("site/headers.json")));
    assertThat(headers).hasSizeGreaterThan(3);
    for (String path :
        List.of("", "summary.json", "none", "health", "throughput.html", "openapi.json")) {
      HttpResponse<String> answer = get(path);
      for (Map.Entry<String, JsonNode> expected : headers.properties()) {
        String value =
            expected.getKey().equals("Strict-Transport-Security")
                ? "(none)"
                : expected.getValue().asText();
        assertThat(header(answer, expected.getKey())).as(path).isEqualTo(value);
      }
      assertThat(header(answer, "Server")).isEqualTo("(none)");
    }
  }

  @Test
  void whoTakesGzipGetsItWithItsOwnValidator() throws Exception {
    String body = "{\"text\":\"" + "abc".repeat(2000) + "\"}";
    put("rollup/weekly.json", body);
    HttpResponse<byte[]> answer =
        client.send(
            request("rollup/weekly.json").header("Accept-Encoding", "br, gzip;q=0.5").build(),
            BodyHandlers.ofByteArray());
    assertThat(header(answer, "Content-Encoding")).isEqualTo("gzip");
    assertThat(header(answer, "Vary")).isEqualTo("Accept-Encoding");
    try (GZIPInputStream content = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
      assertThat(new String(content.readAllBytes(), UTF_8)).isEqualTo(body);
    }
    String etag = header(answer, "ETag");
    HttpRequest.Builder again =
        request("rollup/weekly.json")
            .header("Accept-Encoding", "gzip")
            .header("If-None-Match", etag);
    assertThat(send(again).statusCode()).isEqualTo(304);
    assertThat(get("rollup/weekly.json").body()).isEqualTo(body);
    for (String coding : List.of("identity", "gzip;q=0", "br", "gzip;q=x;;", ";q=,\"")) {
      HttpResponse<String> plain =
          send(request("rollup/weekly.json").header("Accept-Encoding", coding));
      assertThat(plain.body()).as(coding).isEqualTo(body);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "headers.json",
        "site/headers.json",
        "js/../headers.json",
        "org/mor/throughput/cli/Main.class",
        "META-INF/MANIFEST.MF",
        "js/%2e%2e/throughput.html"
      })
  void nothingElseOfTheProgramIsServed(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void whatIsNoHttpIsRefusedWithoutDetails() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write("GET / HTTP/1.1\r\nHost: a\r\nBad Header\r\n\r\n".getBytes(UTF_8));
      out.flush();
      socket.shutdownOutput();
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 400")
          .contains("the request is not understood")
          .doesNotContain("jetty", "Jetty", "org.eclipse");
    }
  }

  /**
   * By a clock of the test: within a second the store is not asked again, after it a change is
   * there.
   */
  @Test
  void aDocumentIsReadOnceASecondAndAChangeIsThereAfterIt() throws Exception {
    AtomicLong nanos = new AtomicLong();
    AtomicInteger reads = new AtomicInteger();
    ObjectStore counted =
        new ForwardingStore(store) {
          @Override
          public Optional<StoredObject> find(ObjectKey key) {
            reads.incrementAndGet();
            return super.find(key);
          }
        };
    try (StoreServer other =
        StoreServer.start(counted, "127.0.0.1", 0, "", (h, executor) -> h, nanos::get)) {
      HttpRequest.Builder request = HttpRequest.newBuilder(other.address().resolve("summary.json"));
      String etag = header(send(request), "ETag");
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
      assertThat(send(request).body()).isEqualTo(SUMMARY);
      assertThat(reads).hasValue(1);
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
      assertThat(header(send(request), "ETag")).as("unchanged").isEqualTo(etag);
      assertThat(reads).hasValue(2);
      ObjectKey key = new ObjectKey("summary.json");
      store.replace(
          key,
          "{}".getBytes(UTF_8),
          store.find(key).orElseThrow().version(),
          ObjectAttributes.PUBLISHED_JSON);
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
      HttpResponse<String> changed = send(request.copy().header("If-None-Match", etag));
      assertThat(changed.statusCode()).isEqualTo(200);
      assertThat(changed.body()).isEqualTo("{}");
      assertThat(header(changed, "ETag")).isNotEqualTo(etag);
    }
  }

  @Test
  void whatIsNotThereIsAskedForEachTime() throws Exception {
    assertThat(get("stuck-sessions.json").statusCode()).isEqualTo(404);
    put("stuck-sessions.json", "{}");
    assertThat(get("stuck-sessions.json").statusCode()).isEqualTo(200);
  }

  private void put(String key, String body) {
    store.create(new ObjectKey(key), body.getBytes(UTF_8), ObjectAttributes.PUBLISHED_JSON);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.address() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("(none)");
  }

  private static final class RefusingStore implements ObjectStore {
    @Override
    public Optional<StoredObject> find(ObjectKey key) {
      throw new StoreRefusedException("Reading /secret/dir/" + key);
    }

    @Override
    public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
      throw new AssertionError("the server never writes");
    }

    @Override
    public ObjectVersion replace(
        ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
      throw new AssertionError("the server never writes");
    }

    @Override
    public List<ObjectInfo> list(String prefix) {
      throw new StoreRefusedException("Listing /secret/dir/" + prefix);
    }

    @Override
    public String location() {
      return "file:/secret/dir";
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET /v1/ws HTTP/1.1\r\nHost: x\r\nUpgrade: webso"})
  void aClientThatStopsInTheMiddleOfItsRequestIsEnded(String sent) throws IOException {
    server.endIdleAfter(50);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(sent.getBytes(UTF_8));
      out.flush();
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).doesNotContain("200", "101");
    }
  }
}
