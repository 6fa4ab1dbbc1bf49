package org.mor.throughput.index;

import java.util.OptionalLong;

/**
 * Which blocks to scan.
 *
 * @param startBlock the first block
 * @param endBlock the last block; the safe head where absent
 * @param rescan whether blocks that are covered already are read again
 */
public record BackfillRequest(long startBlock, OptionalLong endBlock, boolean rescan) {
  public BackfillRequest {
    if (startBlock < 0 || (endBlock.isPresent() && endBlock.getAsLong() < startBlock)) {
      throw new IllegalArgumentException(
          "The start block %d must not be negative nor lie behind the end block %s"
              .formatted(startBlock, endBlock.isPresent() ? endBlock.getAsLong() : "(head)"));
    }
  }
}
