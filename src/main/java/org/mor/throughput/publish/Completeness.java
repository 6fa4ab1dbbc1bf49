package org.mor.throughput.publish;

import java.util.List;
import java.util.Optional;
import org.mor.throughput.archive.StateProofStore.StateProofMark;
import org.mor.throughput.proof.Proof;

/**
 * How much of the chain the figures rest on.
 *
 * @param startBlock the block the diamond's history starts at
 * @param intervals how many separate stretches of blocks have been scanned
 * @param gaps how many stretches between startBlock and the cursor have not
 * @param scannedFromStart whether the first stretch begins at startBlock
 * @param proof the completeness proof; empty while nobody ran it
 * @param stateProof the last sample that was proven against the state root; empty while none was
 * @param facetChanges the blocks in which the diamond was seen to be cut, in rising order
 */
public record Completeness(
    long startBlock,
    int intervals,
    int gaps,
    boolean scannedFromStart,
    Optional<Proof> proof,
    Optional<StateProofMark> stateProof,
    List<Long> facetChanges) {
  /** The proof's state as long as nobody ran it. */
  public static final String NOT_RUN = "not run";

  /** Without a state proof. */
  public Completeness(
      long startBlock,
      int intervals,
      int gaps,
      boolean scannedFromStart,
      Optional<Proof> proof,
      List<Long> facetChanges) {
    this(startBlock, intervals, gaps, scannedFromStart, proof, Optional.empty(), facetChanges);
  }

  public Completeness {
    facetChanges = List.copyOf(facetChanges);
    if (startBlock < 0 || intervals < 0 || gaps < 0) {
      throw new IllegalArgumentException(
          "Impossible completeness: from %d, %d intervals, %d gaps"
              .formatted(startBlock, intervals, gaps));
    }
  }
}
