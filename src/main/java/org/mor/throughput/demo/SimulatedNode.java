package org.mor.throughput.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves a simulated market as a JSON-RPC node over HTTP on the loopback interface. */
public final class SimulatedNode implements AutoCloseable {
  /** The widest range eth_getLogs answers unless told otherwise, in blocks. */
  public static final long DEFAULT_RANGE_CAP = 10_000;

  private static final int MAX_BODY = 8 << 20;
  private static final int THREADS = 4;

  private final HttpServer server;
  private final ExecutorService threads;
  private final RpcEnvelope envelope;

  private SimulatedNode(HttpServer server, ExecutorService threads, RpcEnvelope envelope) {
    this.server = server;
    this.threads = threads;
    this.envelope = envelope;
  }

  /**
   * Serves with the default cap.
   *
   * @param port 0 for any free one
   */
  public static SimulatedNode start(SimulatedMarket market, int port) throws IOException {
    return start(market, port, DEFAULT_RANGE_CAP);
  }

  /** Serves with a cap of {@code rangeCap} blocks on eth_getLogs. */
  public static SimulatedNode start(SimulatedMarket market, int port, long rangeCap)
      throws IOException {
    // Headers and body leave in two segments; without this the second waits 40 ms for an
    // acknowledgement. The JDK reads it once, when the process makes its first server.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "simulated-node");
              thread.setDaemon(true);
              return thread;
            });
    SimulatedNode node =
        new SimulatedNode(server, threads, new RpcEnvelope(new RpcMethods(market, rangeCap)));
    server.setExecutor(threads);
    server.createContext("/", node::handle);
    startAsDaemon(server);
    return node;
  }

  /** The server's own thread takes after the one that starts it; a daemon keeps no JVM alive. */
  private static void startAsDaemon(HttpServer server) throws IOException {
    Thread starter = new Thread(server::start, "simulated-node-start");
    starter.setDaemon(true);
    starter.start();
    try {
      starter.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.stop(0);
      throw new InterruptedIOException("Interrupted while starting the simulated node");
    }
  }

  /** Where it listens: {@code http://127.0.0.1:PORT}. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(405, -1);
      } else if (body.length > MAX_BODY) {
        exchange.sendResponseHeaders(413, -1);
      } else {
        byte[] answer = envelope.answer(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(answer);
        }
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
