package org.mor.throughput.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An endpoint that takes webhooks, and answers as a test wants. */
final class Hooks implements AutoCloseable {
  /** A webhook as it came. */
  record Hook(Map<String, String> headers, String body) {
    String id() {
      return String.valueOf(headers.get("webhook-id"));
    }

    JsonNode json() {
      return Ears.tree(body);
    }
  }

  /** An answer; {@code first} happens before it is given. */
  record Answer(int status, Map<String, String> headers, Work first) {
    interface Work {
      void run() throws Exception;
    }

    static Answer of(int status) {
      return new Answer(status, Map.of(), () -> {});
    }
  }

  private final BlockingQueue<Hook> heard = new LinkedBlockingQueue<>();
  private final Queue<Answer> answers = new ArrayDeque<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private volatile Answer otherwise = Answer.of(204);

  Hooks() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.setExecutor(threads);
    server.start();
  }

  URI address() {
    return URI.create(
        "http://127.0.0.1:%d/hook/secret-token".formatted(server.getAddress().getPort()));
  }

  private void take(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    Map<String, String> headers = new java.util.TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
    Answer answer;
    synchronized (this) {
      Answer next = answers.poll();
      answer = next == null ? otherwise : next;
    }
    try {
      answer.first().run();
    } catch (Exception e) {
      throw new IOException(e);
    }
    heard.add(new Hook(headers, body));
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    exchange.sendResponseHeaders(answer.status(), -1);
    exchange.close();
  }

  /** The next answers; then the last of them for ever, where it is repeated. */
  synchronized void answer(Answer... next) {
    answers.addAll(java.util.List.of(next));
  }

  void always(Answer answer) {
    otherwise = answer;
  }

  /** Blocks an answer until the endpoint is closed. */
  Answer never() {
    return new Answer(204, Map.of(), closed::await);
  }

  Hook next() {
    try {
      Hook next = heard.poll(20, TimeUnit.SECONDS);
      assertThat(next).as("a webhook").isNotNull();
      return next;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether nothing was heard that was not asked for. */
  @Nullable Hook left() {
    return heard.poll();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
