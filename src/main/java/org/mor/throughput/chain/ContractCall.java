package org.mor.throughput.chain;

/** A read-only call: the contract and the encoded call data. */
public record ContractCall(Address to, Bytes data) {

  /**
   * How a call ended when the node did run it. That the node could not run it is neither of these:
   * it is a {@link ChainException}, and never an absence.
   */
  public sealed interface CallResult {
    /** The call returned these bytes. */
    record Returned(Bytes data) implements CallResult {}

    /** The contract reverted with these bytes. */
    record Reverted(Bytes data) implements CallResult {}
  }
}
