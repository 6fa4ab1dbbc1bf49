package org.mor.throughput.chain;

/** Every endpoint has dropped the block, or its state: ask for a later one. */
public final class StatePrunedException extends ChainUnavailableException {
  private static final long serialVersionUID = 1L;

  public StatePrunedException(String message) {
    super(message);
  }

  public StatePrunedException(String message, Throwable cause) {
    super(message, cause);
  }
}
