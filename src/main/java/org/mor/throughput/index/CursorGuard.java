package org.mor.throughput.index;

import java.util.Optional;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainContradictionException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ChainUnavailableException;

/** Refuses to go on when the chain no longer has the block that the cursor stands on. */
final class CursorGuard {
  private CursorGuard() {}

  /**
   * Asks the chain for the cursor's block and compares hashes; an old cursor without a hash passes.
   */
  static void check(ChainReader chain, Cursor cursor) {
    if (cursor.lastBlockHash().isEmpty()) {
      return;
    }
    Optional<BlockHeader> header = chain.header(cursor.lastBlock());
    if (header.isEmpty()) {
      throw new ChainUnavailableException(
          "The node has no block %d, which the cursor stands on: it lags behind. Nothing was changed; run again later or use another endpoint."
              .formatted(cursor.lastBlock()));
    }
    if (!header.get().hash().equals(cursor.lastBlockHash().get())) {
      throw new ChainContradictionException(
          "Block %d has hash %s now, but the cursor was set at %s: the chain was reorganised below it, or the endpoint is wrong. Nothing was changed. Compare with another endpoint; if the chain did change, rewind by hand: in state/cursor.json set last_block to a block before the change, remove last_block_hash and last_block_time, raise seq by one, and run again (rows are merged, so a second scan is safe)."
              .formatted(cursor.lastBlock(), header.get().hash(), cursor.lastBlockHash().get()));
    }
  }
}
