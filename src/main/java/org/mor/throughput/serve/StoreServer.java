package org.mor.throughput.serve;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.mor.throughput.store.ObjectStore;

/** Serves a store's published documents on the loopback address until it is closed. */
public final class StoreServer implements AutoCloseable {
  private static final int THREADS = 4;

  private final HttpServer server;
  private final ExecutorService executor;

  private StoreServer(HttpServer server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  /**
   * Starts to answer on {@code port} of 127.0.0.1; 0 takes any free port.
   *
   * @throws IOException when the port is taken
   */
  public static StoreServer start(ObjectStore store, int port) throws IOException {
    InetAddress loopback = InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1});
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), 0);
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    server.createContext("/", new Documents(store));
    server.setExecutor(executor);
    server.start();
    return new StoreServer(server, executor);
  }

  /** Where it answers, such as {@code http://127.0.0.1:8700/}. */
  public URI address() {
    return URI.create("http://127.0.0.1:%d/".formatted(server.getAddress().getPort()));
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
