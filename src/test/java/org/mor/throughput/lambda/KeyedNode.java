package org.mor.throughput.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** A provider's endpoint: hands on to a node what comes with the key that is valid. */
final class KeyedNode implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI behind;
  volatile String validKey;
  volatile boolean down;
  private volatile Instant logsFrom = Instant.MIN;

  KeyedNode(String behind, String validKey) {
    this.behind = URI.create(behind);
    this.validKey = validKey;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** The URL as a provider hands it out; the key is its path, and again in the query. */
  String url(String key) {
    return "http://127.0.0.1:%d/v2/%s?apikey=%s".formatted(server.getAddress().getPort(), key, key);
  }

  /** Logs are answered from this moment on. */
  void holdLogsUntil(Instant moment) {
    logsFrom = moment;
  }

  private void hold(byte[] request) {
    if (!new String(request, StandardCharsets.UTF_8).contains("eth_getLogs")) {
      return;
    }
    while (Instant.now().isBefore(logsFrom)) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] request = exchange.getRequestBody().readAllBytes();
      if (down) {
        return; // closes without an answer
      }
      if (!exchange.getRequestURI().getPath().equals("/v2/" + validKey)) {
        exchange.sendResponseHeaders(403, -1);
        return;
      }
      hold(request);
      byte[] answer = ask(request);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private byte[] ask(byte[] request) throws IOException {
    HttpRequest post =
        HttpRequest.newBuilder(behind)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(request))
            .build();
    try {
      return client.send(post, HttpResponse.BodyHandlers.ofByteArray()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
