package org.mor.throughput.publish;

import org.jspecify.annotations.Nullable;

/**
 * How much of the chain the figures rest on.
 *
 * @param startBlock the block the diamond's history starts at
 * @param intervals how many separate stretches of blocks have been scanned
 * @param gaps how many stretches between startBlock and the cursor have not
 * @param scannedFromStart whether the first stretch begins at startBlock
 * @param proof the state of the completeness proof, such as {@code proven} or {@code not run}
 * @param proofNonce the first nonce that is missing; null unless the proof found a gap
 */
public record Completeness(
    long startBlock,
    int intervals,
    int gaps,
    boolean scannedFromStart,
    String proof,
    @Nullable Long proofNonce) {
  /** The proof's state as long as nobody ran it. */
  public static final String NOT_RUN = "not run";

  public Completeness {
    if (startBlock < 0 || intervals < 0 || gaps < 0 || proof.isEmpty()) {
      throw new IllegalArgumentException(
          "Impossible completeness: from %d, %d intervals, %d gaps, proof '%s'"
              .formatted(startBlock, intervals, gaps, proof));
    }
  }
}
