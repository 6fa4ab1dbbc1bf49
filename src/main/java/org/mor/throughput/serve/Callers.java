package org.mor.throughput.serve;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Request;
import org.mor.throughput.index.BadRequestException;

/**
 * Who connects, and how much each address has open: streams, and connections at all, so that
 * connections without a request cost their address and not the others. Safe for use by many
 * threads.
 */
public final class Callers implements Connection.Listener {
  /** Beside its streams, a browser has some connections for pages and documents. */
  private static final int BESIDES = 30;

  private final int most;
  private final List<Range> trusted;
  private final Counts streams = new Counts();
  private final Counts connections = new Counts();

  /** The address of each open connection: one that is closed no longer says its own. */
  private final ConcurrentHashMap<Connection, String> addresses = new ConcurrentHashMap<>();

  /** Addresses that share their first bits. */
  private record Range(InetAddress first, int bits) {
    static Range parse(String text) {
      String[] parts = text.split("/", 2);
      try {
        InetAddress first = InetAddress.getByName(parts[0]);
        int all = first.getAddress().length * 8;
        int bits = parts.length == 1 ? all : Integer.parseInt(parts[1]);
        if (bits <= all) {
          return new Range(first, bits);
        }
      } catch (UnknownHostException e) {
        // Told of below.
      }
      throw new BadRequestException(
          "TRUSTED_PROXIES: %s is no address or network such as 10.0.0.0/8".formatted(text));
    }

    boolean contains(InetAddress address) {
      byte[] own = first.getAddress();
      byte[] other = address.getAddress();
      int rest = own.length * 8 - bits;
      return own.length == other.length
          && new BigInteger(1, own)
              .shiftRight(rest)
              .equals(new BigInteger(1, other).shiftRight(rest));
    }
  }

  /** How many of something each address has. */
  private static final class Counts {
    private final ConcurrentHashMap<String, Integer> open = new ConcurrentHashMap<>();

    int more(String address) {
      return open.merge(address, 1, Integer::sum);
    }

    void less(String address) {
      open.computeIfPresent(address, (key, count) -> count > 1 ? count - 1 : null);
    }
  }

  /**
   * @param most streams of one address
   * @param trustedProxies addresses and networks whose X-Forwarded-For is believed
   */
  public Callers(int most, List<String> trustedProxies) {
    this.most = most;
    this.trusted = trustedProxies.stream().map(Range::parse).toList();
  }

  /** So many streams of one address are admitted. */
  public int most() {
    return most;
  }

  /** How many connections are open, of all addresses. */
  int connections() {
    return addresses.size();
  }

  boolean isTrusted(String address) {
    return parsed(address)
        .filter(known -> trusted.stream().anyMatch(range -> range.contains(known)))
        .isPresent();
  }

  /** Only literal addresses, so that nobody's text becomes a question to a name server. */
  private static Optional<InetAddress> parsed(String text) {
    String plain = text.strip().replaceFirst("^\\[", "").replaceFirst("]$", "");
    if (!plain.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(plain));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /**
   * The client's address: behind trusted proxies, the last one that none of them is. What stands
   * before it in the header the client may have written itself.
   */
  public String address(Request request) {
    String address = Request.getRemoteAddr(request);
    List<String> hops = new ArrayList<>();
    for (String value : request.getHeaders().getValuesList(HttpHeader.X_FORWARDED_FOR)) {
      hops.addAll(Arrays.asList(value.split(",", -1)));
    }
    for (int i = hops.size() - 1; i >= 0 && isTrusted(address); i--) {
      Optional<InetAddress> hop = parsed(hops.get(i));
      if (hop.isEmpty()) {
        break;
      }
      address = hop.get().getHostAddress();
    }
    return address;
  }

  /** A place for one more stream, given back by running it once; empty when there is none. */
  public Optional<Runnable> admit(Request request) {
    String address = address(request);
    if (streams.more(address) > most) {
      streams.less(address);
      return Optional.empty();
    }
    AtomicBoolean left = new AtomicBoolean();
    return Optional.of(
        () -> {
          if (left.compareAndSet(false, true)) {
            streams.less(address);
          }
        });
  }

  @Override
  public void onOpened(Connection connection) {
    String address = remote(connection);
    addresses.put(connection, address);
    if (connections.more(address) > most + BESIDES && !isTrusted(address)) {
      connection.close();
    }
  }

  @Override
  public void onClosed(Connection connection) {
    String address = addresses.remove(connection);
    if (address != null) {
      connections.less(address);
    }
  }

  private static String remote(Connection connection) {
    return connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress inet
            && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : "unknown";
  }
}
