package org.mor.throughput.serve;

import java.io.IOException;
import java.net.URI;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
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
    connector.setHost(LOOPBACK);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MILLIS);
    server.addConnector(connector);
    Requests requests = new Requests(new Routes(store), SecurityHeaders.load());
    server.setHandler(requests);
    server.setErrorHandler(requests::refuse);
    server.setStopTimeout(0);
    start(server);
    return new StoreServer(server, connector);
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
    return URI.create("http://%s:%s/".formatted(LOOPBACK, connector.getLocalPort()));
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
