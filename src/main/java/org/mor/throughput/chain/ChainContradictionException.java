package org.mor.throughput.chain;

/**
 * The chain's answers contradict each other or the contract's rules: stop and look; nothing is
 * stored.
 */
public sealed class ChainContradictionException extends ChainException
    permits ChainReorganisedException {
  private static final long serialVersionUID = 1L;

  public ChainContradictionException(String message) {
    super(message);
  }

  public ChainContradictionException(String message, Throwable cause) {
    super(message, cause);
  }
}
