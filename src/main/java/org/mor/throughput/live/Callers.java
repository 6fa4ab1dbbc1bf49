package org.mor.throughput.live;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.mor.throughput.index.BadRequestException;

/** Who connects, and how many streams each address has open. Safe for use by many threads. */
final class Callers {
  private final int most;
  private final List<Range> trusted;
  private final ConcurrentHashMap<String, Integer> open = new ConcurrentHashMap<>();

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

  /**
   * @param most streams of one address
   * @param trustedProxies addresses and networks whose X-Forwarded-For is believed
   */
  Callers(int most, List<String> trustedProxies) {
    this.most = most;
    this.trusted = trustedProxies.stream().map(Range::parse).toList();
  }

  int most() {
    return most;
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
  String address(Request request) {
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
  Optional<Runnable> admit(String address) {
    boolean[] admitted = {false};
    open.compute(
        address,
        (key, count) -> {
          int now = count == null ? 0 : count;
          admitted[0] = now < most;
          return admitted[0] ? (Integer) (now + 1) : count;
        });
    AtomicBoolean left = new AtomicBoolean();
    return admitted[0]
        ? Optional.of(
            () -> {
              if (left.compareAndSet(false, true)) {
                open.computeIfPresent(address, (key, count) -> count > 1 ? count - 1 : null);
              }
            })
        : Optional.empty();
  }
}
