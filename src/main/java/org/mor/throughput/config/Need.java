package org.mor.throughput.config;

/** What a command cannot do without. */
public enum Need {
  /** An endpoint of the chain. */
  RPC,
  /** A place for rows and documents. */
  STORE,
  /** The block at which the contract's history starts. */
  START_BLOCK
}
