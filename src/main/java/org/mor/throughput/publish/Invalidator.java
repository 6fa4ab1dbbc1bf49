package org.mor.throughput.publish;

/** Tells a CDN to forget what it keeps below a path, such as {@code /api/throughput/*}. */
@FunctionalInterface
public interface Invalidator {
  /**
   * Asks for it; returns before it is done.
   *
   * @param reference names this wish: the same one twice is one invalidation
   * @throws InvalidationFailedException when the CDN does not accept it
   */
  void invalidate(String path, String reference);

  /** The CDN was not told; what it keeps expires by itself a minute after it was published. */
  final class InvalidationFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidationFailedException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
