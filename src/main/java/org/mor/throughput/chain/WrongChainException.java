package org.mor.throughput.chain;

/**
 * An endpoint serves another chain than the configured network, or has no contract at the
 * configured address: mend the configuration.
 */
public final class WrongChainException extends ChainException {
  private static final long serialVersionUID = 1L;

  public WrongChainException(String message) {
    super(message);
  }
}
