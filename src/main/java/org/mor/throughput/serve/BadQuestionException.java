package org.mor.throughput.serve;

/**
 * A question that cannot be answered; the message says what is accepted, in our own words. It
 * repeats at most the name of an unknown parameter, and only letters, digits, "_" and "-".
 */
final class BadQuestionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadQuestionException(String message) {
    super(message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
