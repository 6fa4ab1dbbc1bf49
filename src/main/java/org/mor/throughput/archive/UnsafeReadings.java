package org.mor.throughput.archive;

import java.util.Optional;
import org.mor.throughput.archive.CommitLoop.Decision;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/**
 * Keeps at {@code state/unsafe-readings.json} the blocks between the lowest and the highest block
 * above a safe head that closes were read at, because no endpoint had the safe head's state. A
 * close that was read at one of them is unsettled. The object exists only where that happened.
 */
public final class UnsafeReadings {
  public static final ObjectKey KEY = new ObjectKey("state/unsafe-readings.json");

  private final ObjectStore store;
  private final CommitLoop commits;

  public UnsafeReadings(ObjectStore store, CommitRetry retry) {
    this.store = store;
    this.commits = new CommitLoop(store, retry);
  }

  /**
   * The blocks; empty where no close was read above a safe head.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when they cannot be read
   */
  public Optional<BlockRange> find() {
    return store.find(KEY).map(object -> UnsafeReadingsCodec.decode(object.body()));
  }

  /** Adds blocks before rows that were read at one of them are stored; they never shrink. */
  public void add(BlockRange blocks) {
    commits.commit(
        KEY,
        ObjectAttributes.PRIVATE_JSON,
        stored -> {
          Optional<BlockRange> known =
              stored.map(object -> UnsafeReadingsCodec.decode(object.body()));
          BlockRange next = known.map(range -> hull(range, blocks)).orElse(blocks);
          boolean holds = known.isPresent() && known.get().equals(next);
          return new Decision<>(next, holds ? null : UnsafeReadingsCodec.encode(next));
        });
  }

  private static BlockRange hull(BlockRange a, BlockRange b) {
    return new BlockRange(Math.min(a.first(), b.first()), Math.max(a.last(), b.last()));
  }
}
