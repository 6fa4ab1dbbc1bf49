package org.mor.throughput.adapter.rpc;

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
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A JSON-RPC node in this process that answers from a {@link FakeChain}, or as scripted. */
final class FakeNode implements AutoCloseable {
  static final String CANARY = "CANARYk3yDoNotShow";
  static final ObjectMapper JSON = new ObjectMapper();

  /** One way to answer a request. */
  interface Reply {
    void send(HttpExchange exchange, JsonNode request, FakeNode node) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final FakeChain chain;
  private final Deque<Reply> script = new ArrayDeque<>();
  private final List<JsonNode> requests = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch closing = new CountDownLatch(1);
  private Optional<Reply> always = Optional.empty();

  FakeNode(FakeChain chain) {
    this.chain = chain;
    // Before the JDK's server is first used: else every answer on a kept connection waits 40 ms.
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

  /** The node's URL with a key in the user, the path and the query. */
  String url() {
    return "http://%s:pw%s@127.0.0.1:%d/v2/%s?apikey=%s"
        .formatted(CANARY, CANARY, server.getAddress().getPort(), CANARY, CANARY);
  }

  /** The next requests are answered so, one each; then as ever. */
  FakeNode next(Reply... replies) {
    synchronized (script) {
      script.addAll(List.of(replies));
    }
    return this;
  }

  FakeNode always(Reply reply) {
    always = Optional.of(reply);
    return this;
  }

  List<JsonNode> requests() {
    return List.copyOf(requests);
  }

  void awaitClose() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a well-behaved node answers. */
  JsonNode answer(JsonNode request) {
    if (!request.isArray()) {
      return chain.answer(request);
    }
    ArrayNode answers = JSON.createArrayNode();
    request.forEach(one -> answers.add(chain.answer(one)));
    return answers;
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  static ObjectNode error(int code, String message) {
    ObjectNode error = JSON.createObjectNode();
    error.put("jsonrpc", "2.0").putNull("id");
    error.putObject("error").put("code", code).put("message", message);
    return error;
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    JsonNode request = JSON.readTree(exchange.getRequestBody());
    requests.add(request);
    Reply reply;
    synchronized (script) {
      reply = script.isEmpty() ? always.orElse(Replies.honest()) : script.removeFirst();
    }
    try {
      reply.send(exchange, request, this);
    } finally {
      exchange.close();
    }
  }
}
