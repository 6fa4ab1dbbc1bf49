package org.mor.throughput.index;

/** What was asked for cannot be: ask for something else. */
public final class BadRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BadRequestException(String message) {
    super(message);
  }
}
