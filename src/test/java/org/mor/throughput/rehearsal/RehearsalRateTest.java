package org.mor.throughput.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.ReplayNode;
import org.mor.throughput.testing.VirtualTime;

/**
 * A backfill of the recording behind a limiter of five calls a second, in whatever words it
 * refuses. A batch counts as its calls.
 */
class RehearsalRateTest {
  private static final int CALLS_A_SECOND = 5;

  private static ReplayNode node;
  private static Limited usual = new Limited(Duration.ZERO, Duration.ZERO);

  /**
   * How long a backfill waited.
   *
   * @param least what the limiter needs for the calls that it let through
   */
  private record Limited(Duration waited, Duration least) {}

  @BeforeAll
  static void start() throws IOException {
    node = ReplayNode.start("--max-range", "200");
    usual = backfilled(-32000, "rate limit exceeded");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-32000|rate limit exceeded",
        "-32012|credits limited to 6000/sec",
        "-32005|You've exceeded the RPS limit available on the current plan.",
        "-32005|limit exceeded",
        "-32000|Too many concurrent requests",
        "-32000|quota limit",
        "429|monthly capacity limit exceeded",
        "-32099|come back with more coins"
      })
  void aBackfillTakesAsLongAsInTheUsualWords(int code, String message) throws IOException {
    Limited limited = backfilled(code, message);

    assertThat(limited.least()).isGreaterThan(Duration.ofSeconds(20));
    assertThat(limited.waited()).isGreaterThanOrEqualTo(limited.least());
    assertThat(limited.waited()).isLessThanOrEqualTo(withATolerance(usual.waited()));
    assertThat(usual.waited()).isLessThanOrEqualTo(withATolerance(usual.least()));
  }

  /** 1.3 times as long. */
  private static Duration withATolerance(Duration time) {
    return time.multipliedBy(13).dividedBy(10);
  }

  private static Limited backfilled(int code, String message) throws IOException {
    VirtualTime clock = new VirtualTime();
    MemoryObjectStore store = new MemoryObjectStore();
    try (Limiter limiter = new Limiter(clock, code, message)) {
      Recorded.backfill(Recorded.inTurn(limiter.url(), clock), Recorded.ledger(store, "limited"));
      assertThat(Recorded.rows(store)).hasSize(1_558);
      return new Limited(clock.slept(), limiter.least());
    }
  }

  /** A bucket of calls before the node, which fills in the clock's time. */
  private static final class Limiter implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;
    private final VirtualTime clock;
    private final int code;
    private final String message;
    private double bucket = CALLS_A_SECOND;
    private Instant filled;
    private long passed;

    Limiter(VirtualTime clock, int code, String message) throws IOException {
      this.clock = clock;
      this.code = code;
      this.message = message;
      filled = clock.now();
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", this::answer);
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized Duration least() {
      return Duration.ofMillis((passed - CALLS_A_SECOND) * 1_000 / CALLS_A_SECOND);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        byte[] request = exchange.getRequestBody().readAllBytes();
        byte[] answer = answer(request);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
      }
    }

    private byte[] answer(byte[] request) throws IOException {
      JsonNode calls = JSON.readTree(request);
      int count = calls.isArray() ? calls.size() : 1;
      Instant now = clock.now();
      double more = Duration.between(filled, now).toMillis() * CALLS_A_SECOND / 1_000.0;
      bucket = Math.min(CALLS_A_SECOND, bucket + more);
      filled = now;
      if (bucket >= count) {
        bucket -= count;
        passed += count;
        return forwarded(request);
      }
      ArrayNode refusals = JSON.createArrayNode();
      for (JsonNode call : calls.isArray() ? calls : JSON.createArrayNode().add(calls)) {
        ObjectNode refusal = refusals.addObject().put("jsonrpc", "2.0");
        refusal.set("id", call.get("id"));
        refusal.putObject("error").put("code", code).put("message", message);
      }
      return JSON.writeValueAsBytes(calls.isArray() ? refusals : refusals.get(0));
    }

    private byte[] forwarded(byte[] request) throws IOException {
      try {
        return client
            .send(
                HttpRequest.newBuilder(URI.create(node.url()))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray())
            .body();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
