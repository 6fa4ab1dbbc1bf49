package org.mor.throughput.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An endpoint of the chain. Its text holds a key, so only the host is ever printed. */
public final class RpcUrl {
  /** Finds a host for a message in text that is no valid URL; what precedes an @ is a password. */
  private static final Pattern HOST =
      Pattern.compile("^[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^/@?#]*@)?([a-zA-Z0-9._-]+)(?=[:/?#]|$)");

  /** What to give instead: Java's URI has no host then, and its HTTP clients refuse it. */
  static final String WITHOUT_UNDERSCORE =
      "a host without _ (Java takes none with it), such as another name of it or its IP address";

  private final URI uri;

  private RpcUrl(URI uri) {
    this.uri = uri;
  }

  /** The whole URL, for the client that connects to it and for nothing else. */
  public URI reveal() {
    return uri;
  }

  public String host() {
    return uri.getHost();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RpcUrl url && uri.equals(url.uri);
  }

  @Override
  public int hashCode() {
    return uri.hashCode();
  }

  @Override
  public String toString() {
    return host();
  }

  /**
   * The URLs in order; adds a problem for each entry that is none. {@code source} names the text.
   */
  static List<RpcUrl> read(String source, String text, List<String> problems) {
    List<RpcUrl> urls = new ArrayList<>();
    String[] entries = text.split(",", -1);
    for (int i = 0; i < entries.length; i++) {
      String entry = entries[i].replace(ConfigFile.BYTE_ORDER_MARK, "").strip();
      String place = entries.length == 1 ? "" : "entry %d of %d ".formatted(i + 1, entries.length);
      if (!isUsable(entry)) {
        problems.add(
            "%s: %s(hidden%s) is not %s"
                .formatted(
                    source,
                    place,
                    host(entry),
                    hasUnderscoreInHost(entry)
                        ? "accepted; accepted: " + WITHOUT_UNDERSCORE
                        : "a URL; accepted: http:// or https:// and a host, several comma-separated"));
        continue;
      }
      RpcUrl url = new RpcUrl(URI.create(entry));
      if (urls.contains(url)) {
        problems.add(
            "%s: %s(hidden, host %s) repeats an earlier entry; accepted: different URLs"
                .formatted(source, place, url.host()));
      } else {
        urls.add(url);
      }
    }
    return urls;
  }

  /** The URL of a node's WebSocket; empty where the text is none. */
  static Optional<RpcUrl> webSocket(String text) {
    return isUsable(text, "ws") ? Optional.of(new RpcUrl(URI.create(text))) : Optional.empty();
  }

  private static boolean isUsable(String entry) {
    return isUsable(entry, "http");
  }

  private static boolean isUsable(String entry, String plain) {
    try {
      URI uri = URI.create(entry);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      return uri.getHost() != null && (scheme.equals(plain) || scheme.equals(plain + "s"));
    } catch (IllegalArgumentException e) {
      return false; // The exception quotes the URL, so it goes no further.
    }
  }

  static boolean hasUnderscoreInHost(String entry) {
    return host(entry).contains("_");
  }

  private static String host(String entry) {
    Matcher matcher = HOST.matcher(entry);
    return matcher.find() ? ", host " + matcher.group(1) : "";
  }
}
