package org.mor.throughput.adapter.aws;

/**
 * A secret that the configuration names cannot be read: mend its name, the rights or the region.
 */
public final class SecretUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SecretUnavailableException(String message) {
    super(message);
  }

  public SecretUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
