package org.mor.throughput.publish;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.StateProofStore.StateProofMark;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.rollup.Metrics.SessionCounts;
import org.mor.throughput.rollup.Rollup.CloseSpan;
import org.mor.throughput.rollup.Rollup.Windows;
import org.mor.throughput.session.MetricRules;

/**
 * What {@code summary.json} says beyond its head.
 *
 * @param rules what the figures follow; the legacy window and the clamp are published
 * @param stuckExpired null while stuck sessions have not been looked for
 * @param headBlock the chain's head when it was last asked; null where nobody asked
 * @param rewind where the store was rewound to last; empty where it never was
 */
public record Summary(
    MetricRules rules,
    Windows windows,
    CloseSpan closes,
    @Nullable Long stuckExpired,
    @Nullable Long headBlock,
    Completeness completeness,
    Optional<Cursor.Rewind> rewind) {
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

    public Completeness {
      facetChanges = List.copyOf(facetChanges);
      if (startBlock < 0 || intervals < 0 || gaps < 0) {
        throw new IllegalArgumentException(
            "Impossible completeness: from %d, %d intervals, %d gaps"
                .formatted(startBlock, intervals, gaps));
      }
    }

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
  }

  /** The summary of a store that was never rewound. */
  public Summary(
      MetricRules rules,
      Windows windows,
      CloseSpan closes,
      @Nullable Long stuckExpired,
      @Nullable Long headBlock,
      Completeness completeness) {
    this(rules, windows, closes, stuckExpired, headBlock, completeness, Optional.empty());
  }

  /** The share of disputed closes in percent, half-even to 2 decimals; null without a close. */
  @Nullable BigDecimal disputedPctLast30d() {
    SessionCounts sessions = windows.last30d().sessions();
    return sessions.closed() == 0
        ? null
        : BigDecimal.valueOf(sessions.disputed())
            .movePointRight(2)
            .divide(BigDecimal.valueOf(sessions.closed()), 2, RoundingMode.HALF_EVEN);
  }

  /** How many blocks the cursor is behind the head; never negative, null without a head. */
  @Nullable Long lagBlocks(long cursorBlock) {
    return headBlock == null ? null : (Long) Math.max(0, headBlock - cursorBlock);
  }
}
