package org.mor.throughput.index;

/** There is nothing to work on yet: something has to be indexed first. */
public final class NotIndexedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NotIndexedException(String message) {
    super(message);
  }
}
