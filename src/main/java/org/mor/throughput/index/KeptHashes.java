package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainReader;

/**
 * The blocks that commits ended with, and the cursor's. On one chain the lowest of them fits where
 * any does; the newest is asked too, because a store can hold blocks of two chains.
 */
final class KeptHashes {
  private final ChainReader chain;
  private final Ledger ledger;
  private final Map<BlockHeader, Boolean> known = new HashMap<>();

  KeptHashes(ChainReader chain, Ledger ledger) {
    this.chain = chain;
    this.ledger = ledger;
  }

  /** Whether a block at or above some block still has the hash that was kept of it. */
  boolean fitFrom(long block) {
    Optional<Cursor> cursor = ledger.position();
    List<BlockHeader> above = new ArrayList<>();
    ledger.scanned(cursor).kept().forEach(kept -> above.add(kept.header()));
    cursor.flatMap(KnownBlocks::headerOf).ifPresent(above::add);
    above.removeIf(header -> header.number() < block);
    above.sort(Comparator.comparingLong(BlockHeader::number));
    return !above.isEmpty()
        && (known.computeIfAbsent(above.get(0), this::fits)
            || known.computeIfAbsent(above.get(above.size() - 1), this::fits));
  }

  /** A node that lacks the block may only lag behind. */
  private boolean fits(BlockHeader kept) {
    return chain
        .header(kept.number())
        .map(header -> header.hash().equals(kept.hash()))
        .orElse(true);
  }
}
