package org.mor.throughput.chain;

/**
 * The chain could not be read. The subtypes name the reaction; the message says what was being
 * read, from which host, what came back and what to do next. It never holds an endpoint's URL.
 */
public abstract sealed class ChainException extends RuntimeException
    permits ChainUnavailableException, ChainContradictionException, WrongChainException {
  private static final long serialVersionUID = 1L;

  ChainException(String message) {
    super(message);
  }

  ChainException(String message, Throwable cause) {
    super(message, cause);
  }
}
