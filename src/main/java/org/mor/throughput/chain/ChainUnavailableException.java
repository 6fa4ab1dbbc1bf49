package org.mor.throughput.chain;

/**
 * No endpoint could answer, after retries and failover: try again later or with another endpoint.
 */
public final class ChainUnavailableException extends ChainException {
  private static final long serialVersionUID = 1L;

  public ChainUnavailableException(String message) {
    super(message);
  }

  public ChainUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
