package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A node that hands everything on to another one, and spoils what it is told to. */
final class FaultyNode implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Answers a request instead of the node behind; true when it did. */
  interface Fault {
    boolean spoil(HttpExchange exchange, JsonNode request, FaultyNode node) throws IOException;
  }

  /** Changes the answer to one call; gets the call and what the node behind answered. */
  interface Lie {
    void change(JsonNode call, ObjectNode answer);
  }

  final CountDownLatch closing = new CountDownLatch(1);
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger requests = new AtomicInteger();
  private final URI behind;
  private final Fault fault;

  FaultyNode(String behind, Fault fault) {
    this.behind = URI.create(behind);
    this.fault = fault;
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  static Fault status(int status) {
    return (exchange, request, node) -> {
      exchange.sendResponseHeaders(status, -1);
      return true;
    };
  }

  /** Does not answer until the node is closed. */
  static Fault hang() {
    return (exchange, request, node) -> {
      try {
        node.closing.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return true;
    };
  }

  /** Half of every answer. */
  static Fault cut() {
    return (exchange, request, node) -> {
      byte[] whole = node.ask(request);
      exchange.sendResponseHeaders(200, whole.length);
      exchange.getResponseBody().write(whole, 0, whole.length / 2);
      exchange.getResponseBody().flush();
      return true;
    };
  }

  static Fault noBatch() {
    return (exchange, request, node) -> {
      if (request.isArray()) {
        node.send(
            exchange,
            JSON.readTree(
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"batch requests are not supported\"}}"));
      }
      return request.isArray();
    };
  }

  static Fault lying(Lie lie) {
    return (exchange, request, node) -> {
      JsonNode answer = JSON.readTree(node.ask(request));
      if (request.isArray()) {
        ArrayNode answers = (ArrayNode) answer;
        for (int i = 0; i < request.size(); i++) {
          lie.change(request.get(i), (ObjectNode) answers.get(i));
        }
      } else {
        lie.change(request, (ObjectNode) answer);
      }
      node.send(exchange, answer);
      return true;
    };
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  int requests() {
    return requests.get();
  }

  private byte[] ask(JsonNode request) throws IOException {
    HttpRequest post =
        HttpRequest.newBuilder(behind)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(request)))
            .build();
    try {
      return client.send(post, HttpResponse.BodyHandlers.ofByteArray()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  void send(HttpExchange exchange, JsonNode answer) throws IOException {
    byte[] body = JSON.writeValueAsBytes(answer);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (exchange) {
      JsonNode request = JSON.readTree(exchange.getRequestBody());
      if (!fault.spoil(exchange, request, this)) {
        send(exchange, JSON.readTree(ask(request)));
      }
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
