package org.mor.throughput.export;

/** A value cannot be written exactly in the format asked for: ask for another one. */
public final class DoesNotFitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DoesNotFitException(String message) {
    super(message);
  }
}
