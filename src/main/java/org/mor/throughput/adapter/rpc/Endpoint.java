package org.mor.throughput.adapter.rpc;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mor.throughput.base.Redactor;

/** Where a node listens. The URL holds a key: it shows itself by its host alone. */
final class Endpoint {
  private static final int MAX_PORT = 65_535;

  private final String name;
  private final URI uri;
  private final Optional<String> authorization;
  private final Redactor redactor;

  private Endpoint(String name, URI full) {
    this.name = name;
    this.redactor = Redactor.ofAnswers(full);
    this.uri = withoutUserInfo(full);
    this.authorization =
        Optional.ofNullable(full.getUserInfo())
            .map(info -> info.getBytes(StandardCharsets.UTF_8))
            .map(info -> "Basic " + Base64.getEncoder().encodeToString(info));
  }

  /**
   * Reads URLs in order of preference.
   *
   * @throws IllegalArgumentException naming the position, and the host where there is one, of a URL
   *     that is not an http or https URL with a host
   */
  static List<Endpoint> parseAll(List<String> urls) {
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("No endpoint URL is given: at least one is needed");
    }
    List<URI> uris = new ArrayList<>();
    for (int i = 0; i < urls.size(); i++) {
      uris.add(parse(urls.get(i).strip(), "Endpoint %d of %d".formatted(i + 1, urls.size())));
    }
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < uris.size(); i++) {
      endpoints.add(new Endpoint(nameOf(uris, i), uris.get(i)));
    }
    return List.copyOf(endpoints);
  }

  String name() {
    return name;
  }

  /** The host alone, which several endpoints may share. */
  String host() {
    return uri.getHost();
  }

  /** For the transport only. */
  URI uri() {
    return uri;
  }

  /** The Authorization header that stands for a user and password in the URL. */
  Optional<String> authorization() {
    return authorization;
  }

  /** The text without anything of the URL but the host, on one line and of bounded length. */
  String scrub(String text, int maxLength) {
    return redactor.redactAnswer(text, maxLength);
  }

  @Override
  public String toString() {
    return name;
  }

  private static URI parse(String url, String which) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      // The exception quotes the URL, so it is not passed on as a cause.
      throw new IllegalArgumentException(which + " is not a URL: check it for stray characters");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost();
    if (host == null) {
      throw new IllegalArgumentException(which + " has no host: write https://host/...");
    }
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException(
          "%s (%s) is neither http nor https: only those are spoken".formatted(which, host));
    }
    if (uri.getPort() > MAX_PORT) {
      throw new IllegalArgumentException(
          "%s (%s) has the port %d".formatted(which, host, uri.getPort()));
    }
    return uri;
  }

  private static String nameOf(List<URI> uris, int index) {
    String host = uris.get(index).getHost();
    long same = uris.stream().filter(uri -> uri.getHost().equalsIgnoreCase(host)).count();
    if (same == 1) {
      return host;
    }
    long before =
        uris.subList(0, index).stream().filter(uri -> uri.getHost().equalsIgnoreCase(host)).count();
    return host + "#" + (before + 1);
  }

  private static URI withoutUserInfo(URI uri) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return URI.create(uri.getScheme() + "://" + uri.getHost() + port + path + query);
  }
}
