package org.mor.throughput.chain;

/**
 * No endpoint could answer, after retries and failover: try again later or with another endpoint.
 */
public sealed class ChainUnavailableException extends ChainException permits StatePrunedException {
  private static final long serialVersionUID = 1L;

  public ChainUnavailableException(String message) {
    super(message);
  }

  public ChainUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
