package org.mor.throughput.publish;

/** The CDN was not told; what it keeps expires by itself a minute after it was published. */
public final class InvalidationFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidationFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
