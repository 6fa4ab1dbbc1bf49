package org.mor.throughput.publish;

/** Tells a CDN to forget what it keeps below a path, such as {@code /api/throughput/*}. */
@FunctionalInterface
public interface Invalidator {
  void invalidate(String path);

  /** For a store that no CDN stands before. */
  static Invalidator none() {
    return path -> {};
  }
}
