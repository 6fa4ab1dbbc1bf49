package org.mor.throughput.config;

import java.net.URI;

/** An endpoint of the chain. Its text holds a key, so only the host is ever printed. */
public final class RpcUrl {
  private final URI uri;

  RpcUrl(URI uri) {
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
}
