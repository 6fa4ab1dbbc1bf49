package org.mor.throughput.index;

/** What makes a block old enough to be indexed. */
public enum Confirmation {
  /** A fixed number of blocks behind the newest one. */
  BLOCKS,
  /** The block tagged {@code safe}. */
  SAFE,
  /** The block tagged {@code finalized}. */
  FINALIZED
}
