package org.mor.throughput.store;

/** The write may or may not have landed: read the object again to know. */
public final class StoreOutcomeUnknownException extends StoreException {
  private static final long serialVersionUID = 1L;

  public StoreOutcomeUnknownException(String message) {
    super(message);
  }

  public StoreOutcomeUnknownException(String message, Throwable cause) {
    super(message, cause);
  }
}
