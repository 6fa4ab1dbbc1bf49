package org.mor.throughput.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** Lambda's runtime API for one environment, as the runtime client sees it. */
final class FakeRuntimeApi implements AutoCloseable {
  private static final String ROOT = "/2018-06-01/runtime/";

  /**
   * How an invocation ended.
   *
   * @param ok whether it was answered, rather than failed
   */
  record Ended(String id, boolean ok, String body) {}

  private record Waiting(String id, String payload, long deadlineMillis) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
  private final Map<String, CompletableFuture<Ended>> running = new ConcurrentHashMap<>();
  private final CompletableFuture<String> initError = new CompletableFuture<>();
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch snapshotTaken = new CountDownLatch(1);
  private final CountDownLatch restore = new CountDownLatch(1);

  FakeRuntimeApi() {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext(ROOT, this::handle);
    server.start();
  }

  String hostAndPort() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Hands the environment a payload and {@code left} until Lambda would end it. */
  CompletableFuture<Ended> invoke(String payload, Duration left) {
    String id = UUID.randomUUID().toString();
    CompletableFuture<Ended> ended = new CompletableFuture<>();
    running.put(id, ended);
    long deadline = System.currentTimeMillis() + left.toMillis();
    waiting.add(new Waiting(id, payload, deadline));
    return ended;
  }

  /** Open once the environment has asked for its first invocation. */
  CountDownLatch ready() {
    return ready;
  }

  /** Open once the environment has run its hooks and may be snapshotted. */
  CountDownLatch snapshotTaken() {
    return snapshotTaken;
  }

  /** Lets an environment go on from its snapshot. */
  void restore() {
    restore.countDown();
  }

  /** Ends with what an environment says that could not start. */
  CompletableFuture<String> initError() {
    return initError;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath().substring(ROOT.length());
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (path.equals("invocation/next")) {
        next(exchange);
      } else if (path.equals("restore/next")) {
        snapshotTaken.countDown();
        restore.await();
        exchange.sendResponseHeaders(200, -1);
      } else if (path.endsWith("/error")
          && path.startsWith("in")
          && !path.startsWith("invocation")) {
        initError.complete(new String(body, StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(202, -1);
      } else {
        end(path.split("/", -1), new String(body, StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(202, -1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void next(HttpExchange exchange) throws IOException, InterruptedException {
    ready.countDown();
    Waiting invocation = waiting.take();
    exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", invocation.id());
    exchange
        .getResponseHeaders()
        .set("Lambda-Runtime-Deadline-Ms", Long.toString(invocation.deadlineMillis()));
    exchange
        .getResponseHeaders()
        .set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-2:1:function:f:live");
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    byte[] payload = invocation.payload().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, payload.length == 0 ? -1 : payload.length);
    exchange.getResponseBody().write(payload);
  }

  private void end(String[] path, String body) {
    CompletableFuture<Ended> ended = running.remove(path[1]);
    if (ended != null) {
      ended.complete(new Ended(path[1], path[2].equals("response"), body));
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
