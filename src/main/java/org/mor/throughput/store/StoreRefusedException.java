package org.mor.throughput.store;

/** The store refuses (no such bucket, access denied): somebody must change rights or settings. */
public final class StoreRefusedException extends StoreException {
  private static final long serialVersionUID = 1L;

  public StoreRefusedException(String message) {
    super(message);
  }

  public StoreRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
