package org.mor.throughput.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.chain.Address;
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
 * @param version the version of the cursor's form: 1 as the earlier indexer wrote it, 2, else 3
 * @param rewinds where the store was rewound to, oldest first; both numbers rise, because a rewind
 *     that a later one went below says nothing any more
 * @param rewinding whether the last rewind still has to cut coverage and proof
 */
public record Cursor(
    long lastBlock,
    String lastRun,
    Optional<Hash32> lastBlockHash,
    OptionalLong lastBlockTime,
    long seq,
    String writeId,
    Optional<NetworkId> network,
    int version,
    List<Rewind> rewinds,
    boolean rewinding) {
  /** The version this code writes. */
  public static final int VERSION = 3;

  /** More are joined, oldest first: more rows are then read again than have to be. */
  static final int MAX_REWINDS = 500;

  /**
   * The store went back.
   *
   * @param generation what the store counts since then, from 1 on
   * @param toBlock the last block that was kept
   */
  public record Rewind(int generation, long toBlock) {
    public Rewind {
      if (generation < 1 || toBlock < 0) {
        throw new IllegalArgumentException(
            "Impossible rewind: generation %d, to block %d".formatted(generation, toBlock));
      }
    }
  }

  public Cursor {
    rewinds = List.copyOf(rewinds);
    if (lastBlock < 0 || seq < 0 || version < 1 || version > VERSION) {
      throw new IllegalArgumentException(
          "Impossible cursor: block %d, seq %d, version %d".formatted(lastBlock, seq, version));
    }
    if (rewinds.size() > MAX_REWINDS || (rewinding && rewinds.isEmpty())) {
      throw new IllegalArgumentException("Impossible rewinds: " + rewinds);
    }
    for (int i = 1; i < rewinds.size(); i++) {
      Rewind before = rewinds.get(i - 1);
      if (rewinds.get(i).generation() <= before.generation()
          || rewinds.get(i).toBlock() <= before.toBlock()) {
        throw new IllegalArgumentException("Rewinds out of order: " + rewinds);
      }
    }
  }

  /** The cursor of a store that was never rewound. */
  public Cursor(
      long lastBlock,
      String lastRun,
      Optional<Hash32> lastBlockHash,
      OptionalLong lastBlockTime,
      long seq,
      String writeId,
      Optional<NetworkId> network,
      int version) {
    this(
        lastBlock,
        lastRun,
        lastBlockHash,
        lastBlockTime,
        seq,
        writeId,
        network,
        version,
        List.of(),
        false);
  }

  /**
   * How often the store was rewound; what an older generation says of later blocks is not believed.
   */
  public int generation() {
    return rewinds.isEmpty() ? 0 : rewinds.get(rewinds.size() - 1).generation();
  }

  /** The last rewind; empty where there was none. */
  public Optional<Rewind> lastRewind() {
    return rewinds.isEmpty() ? Optional.empty() : Optional.of(rewinds.get(rewinds.size() - 1));
  }

  /** The block that an unfinished rewind goes back to; empty unless there is one. */
  public OptionalLong rewindTo() {
    return rewinding
        ? OptionalLong.of(rewinds.get(rewinds.size() - 1).toBlock())
        : OptionalLong.empty();
  }

  /**
   * The lowest block that the store was rewound to after {@code generation}: what was read in that
   * generation of a later block has to be read again. Empty when nothing has.
   */
  public OptionalLong rewoundSince(int generation) {
    return rewinds.stream()
        .filter(rewind -> rewind.generation() > generation)
        .mapToLong(Rewind::toBlock)
        .findFirst();
  }

  /** The same once its rewind has ended, written by a run at a time as ISO-8601 UTC. */
  Cursor rewound(String run, String id) {
    return new Cursor(
        lastBlock,
        run,
        lastBlockHash,
        lastBlockTime,
        seq + 1,
        id,
        network,
        version,
        rewinds,
        false);
  }

  /** The rewinds and one more, without those that it goes below. */
  static List<Rewind> with(List<Rewind> rewinds, Rewind next) {
    List<Rewind> all = new ArrayList<>(rewinds);
    all.removeIf(before -> before.toBlock() >= next.toBlock());
    all.add(next);
    while (all.size() > MAX_REWINDS) {
      Rewind oldest = all.remove(0);
      all.set(0, new Rewind(all.get(0).generation(), oldest.toBlock()));
    }
    return all;
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

  /** Whose rows a store holds: the network's name and the diamond's address on it. */
  public record NetworkId(String name, Address diamond) {
    @Override
    public String toString() {
      return name + " " + diamond;
    }
  }
}
