package org.mor.throughput.chain;

/** The chain has another block than the one that was read before: go back to one that it has. */
public final class ChainReorganisedException extends ChainContradictionException {
  private static final long serialVersionUID = 1L;

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
