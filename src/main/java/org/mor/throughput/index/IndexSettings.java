package org.mor.throughput.index;

import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.contract.Diamond;

/**
 * What indexing one deployment of the contract is set to.
 *
 * @param network the profile's name, such as {@code base}
 * @param startBlock the first block that can hold a session; empty where nobody knows
 * @param safetyLagBlocks how far behind the newest block the safe head is with {@link
 *     Confirmation#BLOCKS}
 * @param overlapBlocks how many blocks before the cursor are scanned again
 * @param maxBlocksPerRun how many new blocks one scheduled run scans at most
 * @param refreshPerRun how many old or unsettled rows one scheduled run reads again at most
 */
public record IndexSettings(
    String network,
    long chainId,
    Diamond diamond,
    OptionalLong startBlock,
    Confirmation confirmation,
    long safetyLagBlocks,
    long overlapBlocks,
    long maxBlocksPerRun,
    int refreshPerRun) {
  /** What makes a block old enough to be indexed. */
  public enum Confirmation {
    /** A fixed number of blocks behind the newest one. */
    BLOCKS,
    /** The block tagged {@code safe}. */
    SAFE,
    /** The block tagged {@code finalized}. */
    FINALIZED;

    /** The tag of the safe head; empty where the number of blocks decides. */
    public Optional<HeadTag> tag() {
      return switch (this) {
        case BLOCKS -> Optional.empty();
        case SAFE -> Optional.of(HeadTag.SAFE);
        case FINALIZED -> Optional.of(HeadTag.FINALIZED);
      };
    }
  }

  public IndexSettings {
    if (safetyLagBlocks < 0 || overlapBlocks < 0 || maxBlocksPerRun < 1 || refreshPerRun < 0) {
      throw new IllegalArgumentException(
          "Impossible settings: lag %d, overlap %d, blocks a run %d, refreshed rows a run %d"
              .formatted(safetyLagBlocks, overlapBlocks, maxBlocksPerRun, refreshPerRun));
    }
  }

  /** A copy with another number of blocks a run. */
  public IndexSettings withMaxBlocksPerRun(long blocks) {
    return new IndexSettings(
        network,
        chainId,
        diamond,
        startBlock,
        confirmation,
        safetyLagBlocks,
        overlapBlocks,
        blocks,
        refreshPerRun);
  }
}
