package org.mor.throughput.archive;

import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.store.CorruptObjectException;

/**
 * How far the chain is indexed without a gap at its end.
 *
 * @param lastBlock the last block whose rows are stored
 * @param lastRun when it was written, as ISO-8601 UTC; empty where an early cursor does not say
 * @param lastBlockHash the hash {@code lastBlock} had; absent in an early cursor and in one that
 *     was rewound by hand
 * @param lastBlockTime the block's time in Unix seconds; likewise
 * @param seq counts the writes, so that no two cursors are the same bytes; 0 for an early cursor
 * @param writeId names the run that wrote it; empty for an early cursor
 * @param network whose rows the store holds; absent in an early cursor
 * @param version the version of the cursor's form: 1 as the earlier indexer wrote it, else 2
 */
public record Cursor(
    long lastBlock,
    String lastRun,
    Optional<Hash32> lastBlockHash,
    OptionalLong lastBlockTime,
    long seq,
    String writeId,
    Optional<NetworkId> network,
    int version) {
  /** The version this code writes. */
  public static final int VERSION = 2;

  public Cursor {
    if (lastBlock < 0 || seq < 0 || version < 1 || version > VERSION) {
      throw new IllegalArgumentException(
          "Impossible cursor: block %d, seq %d, version %d".formatted(lastBlock, seq, version));
    }
  }

  /**
   * Refuses to go on with a store that belongs to another network or contract; an early cursor does
   * not say and passes.
   *
   * @throws CorruptObjectException when the cursor names another one
   */
  public void requireNetwork(NetworkId expected) {
    if (network.isPresent() && !network.get().equals(expected)) {
      throw new CorruptObjectException(
          "%s belongs to %s, but this run indexes %s: nothing was written\nnext: correct NETWORK, DIAMOND_ADDRESS or STORE; one store holds one contract"
              .formatted(CursorStore.KEY, network.get(), expected));
    }
  }
}
