package org.mor.throughput.chain;

/**
 * The chain could not be read. The subtypes name the reaction; the message says what was being
 * read, from which host, what came back and what to do next. It never holds an endpoint's URL.
 */
@SuppressWarnings("serial") // nobody stores an exception
public abstract sealed class ChainException extends RuntimeException {
  ChainException(String message) {
    super(message);
  }

  ChainException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * No endpoint could answer, after retries and failover: try again later or with another endpoint.
   */
  public static sealed class ChainUnavailableException extends ChainException {
    public ChainUnavailableException(String message) {
      super(message);
    }

    public ChainUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Every endpoint has dropped the block, or its state: ask for a later one. */
  public static final class StatePrunedException extends ChainUnavailableException {
    public StatePrunedException(String message) {
      super(message);
    }

    public StatePrunedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The chain's answers contradict each other or the contract's rules: stop and look; nothing is
   * stored.
   */
  public static sealed class ChainContradictionException extends ChainException {
    public ChainContradictionException(String message) {
      super(message);
    }

    public ChainContradictionException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The chain has another block than the one that was read before: go back to one that it has. */
  public static final class ChainReorganisedException extends ChainContradictionException {
    private final long block;

    /**
     * @param block the number of the block that is another one now
     */
    public ChainReorganisedException(String message, long block) {
      super(message);
      this.block = block;
    }

    public long block() {
      return block;
    }
  }

  /**
   * An endpoint serves another chain than the configured network, or has no contract at the
   * configured address: mend the configuration.
   */
  public static final class WrongChainException extends ChainException {
    public WrongChainException(String message) {
      super(message);
    }
  }
}
