package org.mor.throughput.store;

/**
 * The store did not do what was asked. The subtypes name the reaction; the message says what was
 * being done, on which key, what came back and what to do next.
 */
public abstract sealed class StoreException extends RuntimeException
    permits StoreConflictException,
        StoreOutcomeUnknownException,
        StoreUnavailableException,
        StoreRefusedException {
  private static final long serialVersionUID = 1L;

  StoreException(String message) {
    super(message);
  }

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
