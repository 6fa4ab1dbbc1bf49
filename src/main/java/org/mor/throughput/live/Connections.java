package org.mor.throughput.live;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;

/**
 * Bounds how many connections an address may hold open at all, so that connections without a
 * request cost it and not the others. Streams have their own, lower bound.
 */
final class Connections implements Connection.Listener {
  /** Beside its streams, a browser has some connections for pages and documents. */
  private static final int BESIDES = 30;

  private final Callers callers;
  private final ConcurrentHashMap<String, Integer> open = new ConcurrentHashMap<>();

  Connections(Callers callers) {
    this.callers = callers;
  }

  @Override
  public void onOpened(Connection connection) {
    String address = address(connection);
    int now = open.merge(address, 1, Integer::sum);
    if (now > callers.most() + BESIDES && !callers.isTrusted(address)) {
      connection.close();
    }
  }

  @Override
  public void onClosed(Connection connection) {
    open.computeIfPresent(address(connection), (key, count) -> count > 1 ? count - 1 : null);
  }

  private static String address(Connection connection) {
    SocketAddress remote = connection.getEndPoint().getRemoteSocketAddress();
    return remote instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : "unknown";
  }
}
