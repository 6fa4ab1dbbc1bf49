package org.mor.throughput.index;

/** There is nothing to work on yet: something has to be indexed first. */
public final class NotIndexedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NotIndexedException(String message) {
    super(message);
  }

  /**
   * @param rest what cannot be done yet, and what to do first
   */
  static NotIndexedException noCursor(String rest) {
    return new NotIndexedException(
        "There is no cursor in this store yet, so there is nothing to " + rest);
  }
}
