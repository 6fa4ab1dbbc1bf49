package org.mor.throughput.store;

/**
 * The store did not do what was asked. The subtypes name the reaction; the message says what was
 * being done, on which key, what came back and what to do next.
 */
@SuppressWarnings("serial") // nobody stores an exception
public abstract sealed class StoreException extends RuntimeException {
  StoreException(String message) {
    super(message);
  }

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Somebody else wrote the object first: read it again and redo. */
  public static final class StoreConflictException extends StoreException {
    public StoreConflictException(String message) {
      super(message);
    }

    public StoreConflictException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The write may or may not have landed: read the object again to know. */
  public static final class StoreOutcomeUnknownException extends StoreException {
    public StoreOutcomeUnknownException(String message) {
      super(message);
    }

    public StoreOutcomeUnknownException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The store refuses (no such bucket, access denied): somebody must change rights or settings. */
  public static final class StoreRefusedException extends StoreException {
    public StoreRefusedException(String message) {
      super(message);
    }

    public StoreRefusedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The store cannot be reached, or not now: nothing was written; try again later. */
  public static final class StoreUnavailableException extends StoreException {
    public StoreUnavailableException(String message) {
      super(message);
    }

    public StoreUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
