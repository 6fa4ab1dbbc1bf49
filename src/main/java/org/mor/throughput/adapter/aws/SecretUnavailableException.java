package org.mor.throughput.adapter.aws;

/**
 * A secret that the configuration names cannot be read: mend its name, the rights or the region,
 * unless it is {@linkplain #isPassing passing}.
 */
public final class SecretUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean passing;

  public SecretUnavailableException(String message) {
    super(message);
    passing = false;
  }

  /**
   * @param passing whether the same question may well be answered later: the service was busy or
   *     out of reach
   */
  public SecretUnavailableException(String message, boolean passing, Throwable cause) {
    super(message, cause);
    this.passing = passing;
  }

  /** Whether nothing was said about the secret itself. */
  public boolean isPassing() {
    return passing;
  }
}
