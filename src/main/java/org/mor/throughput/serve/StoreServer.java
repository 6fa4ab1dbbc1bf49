package org.mor.throughput.serve;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/**
 * Serves the page, a store's published documents and questions about them on the loopback address
 * until it is closed.
 */
public final class StoreServer implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int THREADS = 16;
  private static final int HEAD_BYTES = 16 * 1024;
  private static final long IDLE_MILLIS = 30_000;

  private final Server server;
  private final ServerConnector connector;

  private StoreServer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /**
   * Starts to answer on {@code port} of 127.0.0.1; 0 takes any free port.
   *
   * @throws IOException when the port is taken
   */
  public static StoreServer start(ObjectStore store, int port) throws IOException {
    return start(store, LOOPBACK, port, "", (documents, executor) -> documents);
  }

  /**
   * Starts to answer on {@code port} of an address, with more than the store to serve.
   *
   * @param host the address to listen on
   * @param live where the page finds the live server, such as {@code /}; empty for none
   * @param more makes the handler of everything of the one of the store; gets the executor that
   *     answers run in
   * @param beans parts of Jetty that the connector takes in
   * @throws IOException when the port is taken
   */
  public static StoreServer start(
      ObjectStore store,
      String host,
      int port,
      String live,
      BiFunction<Handler, Executor, Handler> more,
      Object... beans)
      throws IOException {
    return start(store, host, port, live, more, System::nanoTime, beans);
  }

  /** With another clock for how long answers are kept. */
  static StoreServer start(
      ObjectStore store,
      String host,
      int port,
      String live,
      BiFunction<Handler, Executor, Handler> more,
      LongSupplier nanoTime,
      Object... beans)
      throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("serve");
    threads.setDaemon(true);
    Server server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEAD_BYTES);
    // Paths are compared as they were sent, so that an ambiguous one is just not found.
    http.setUriCompliance(UriCompliance.UNSAFE);
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MILLIS);
    server.addConnector(connector);
    Requests requests = new Requests(new Routes(store, live, nanoTime), SecurityHeaders.load());
    for (Object bean : beans) {
      connector.addBean(bean);
    }
    server.setHandler(more.apply(requests, threads));
    server.setErrorHandler(requests::refuse);
    server.setStopTimeout(0);
    start(server);
    return new StoreServer(server, connector);
  }

  /** The objects of a store that are given to anybody; some of them may not be there. */
  public static List<ObjectKey> published(ObjectStore store) {
    return PublishedKeys.all(store);
  }

  /** The headers that every answer carries. */
  public static Map<String, String> headers() {
    return SecurityHeaders.load();
  }

  private static void start(Server server) throws IOException {
    try {
      server.start();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("Starting the local server", e);
    }
  }

  /** Where it answers, such as {@code http://127.0.0.1:8700/}. */
  public URI address() {
    String host = connector.getHost();
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://%s:%s/".formatted(shown, connector.getLocalPort()));
  }

  /** Ends connections on which nothing moves for so long; 30 s unless a test says otherwise. */
  void endIdleAfter(long millis) {
    connector.setIdleTimeout(millis);
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("Stopping the local server", e);
    }
  }
}
