package org.mor.throughput.index;

import java.util.Optional;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader;

/** Compares the block that the cursor stands on with the chain's. */
final class CursorGuard {
  private CursorGuard() {}

  /**
   * How the cursor stands to the chain.
   *
   * @param found the chain's block of the cursor's number; empty where it has none, or was not
   *     asked because the cursor does not know its hash
   */
  record Standing(Status.OnChain onChain, Optional<BlockHeader> found) {
    /** That the chain has another block, or none, where the cursor stands. */
    String sentence(Cursor cursor) {
      return found
          .map(
              header ->
                  "Block %d has hash %s now, but the cursor was set at %s: the chain was reorganised below it, or the endpoint is wrong"
                      .formatted(
                          cursor.lastBlock(), header.hash(), cursor.lastBlockHash().orElseThrow()))
          .orElseGet(
              () ->
                  "The chain ends below block %d, which the cursor stands on, and blocks before it are others than were scanned: it was reorganised, or the endpoint is wrong"
                      .formatted(cursor.lastBlock()));
    }
  }

  /** Asks the chain for the cursor's block, which is one header. */
  static Standing standing(ChainReader chain, Cursor cursor) {
    if (cursor.lastBlockHash().isEmpty()) {
      return new Standing(Status.OnChain.UNKNOWN, Optional.empty());
    }
    Optional<BlockHeader> header = chain.header(cursor.lastBlock());
    if (header.isEmpty()) {
      return new Standing(Status.OnChain.HEAD_IS_BELOW, header);
    }
    boolean fits = header.get().hash().equals(cursor.lastBlockHash().get());
    return new Standing(fits ? Status.OnChain.YES : Status.OnChain.REORGANISED, header);
  }

  /**
   * Refuses to go on when the chain no longer has the block that the cursor stands on; an old
   * cursor without a hash passes.
   */
  static void check(ChainReader chain, Cursor cursor) {
    Standing standing = standing(chain, cursor);
    switch (standing.onChain()) {
      case HEAD_IS_BELOW -> throw lagging(cursor);
      case REORGANISED ->
          throw new ChainReorganisedException(
              standing.sentence(cursor)
                  + ". Nothing was changed.\n"
                  + "next: indexer incremental, which goes back to a block that the chain still"
                  + " has, or says which one to give to indexer rewind --to-block B",
              cursor.lastBlock());
      default -> {}
    }
  }

  static ChainUnavailableException lagging(long block) {
    return new ChainUnavailableException(
        "The node has no block %d, up to which the chain was scanned: it lags behind. Run again later or use another endpoint."
            .formatted(block));
  }

  static ChainUnavailableException lagging(Cursor cursor) {
    return new ChainUnavailableException(
        "The node has no block %d, which the cursor stands on: it lags behind. Nothing was changed; run again later or use another endpoint."
            .formatted(cursor.lastBlock()));
  }
}
