package org.mor.throughput.pull;

/** A pull would write over what is no copy of the source: choose another directory. */
public final class NotACopyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotACopyException(String message) {
    super(message);
  }
}
