package org.mor.throughput.store;

/**
 * Stored content is not what was written there: cut short, damaged, or not of the expected form. It
 * is never read as empty and never written over; restore an older version of the object.
 */
public final class CorruptObjectException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CorruptObjectException(String message) {
    super(message);
  }

  public CorruptObjectException(String message, Throwable cause) {
    super(message, cause);
  }
}
