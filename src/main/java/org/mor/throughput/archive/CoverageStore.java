package org.mor.throughput.archive;

import org.mor.throughput.archive.CommitLoop.Decision;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/** Keeps the coverage at {@code state/coverage.json}; it never shrinks. */
public final class CoverageStore {
  public static final ObjectKey KEY = new ObjectKey("state/coverage.json");

  private final ObjectStore store;
  private final CommitLoop commits;

  public CoverageStore(ObjectStore store, CommitRetry retry) {
    this.store = store;
    this.commits = new CommitLoop(store, retry);
  }

  /**
   * The stored coverage; {@link Coverage#NONE} when nothing is stored.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when it cannot be read
   */
  public Coverage find() {
    return store.find(KEY).map(stored -> CoverageCodec.decode(stored.body())).orElse(Coverage.NONE);
  }

  /**
   * Adds a range whose rows are stored already; adding it again writes nothing.
   *
   * @return the coverage as it is stored now
   */
  public Coverage add(BlockRange range) {
    return commits
        .commit(
            KEY,
            ObjectAttributes.PRIVATE_JSON,
            stored -> {
              Coverage known =
                  stored.map(object -> CoverageCodec.decode(object.body())).orElse(Coverage.NONE);
              Coverage next = known.union(range);
              return new Decision<>(next, next.equals(known) ? null : CoverageCodec.encode(next));
            })
        .result();
  }
}
