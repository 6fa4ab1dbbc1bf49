package org.mor.throughput.chain;

/**
 * The chain's answers contradict each other or the contract's rules: stop and look; nothing is
 * stored.
 */
public final class ChainContradictionException extends ChainException {
  private static final long serialVersionUID = 1L;

  public ChainContradictionException(String message) {
    super(message);
  }

  public ChainContradictionException(String message, Throwable cause) {
    super(message, cause);
  }
}
