package org.mor.throughput.archive;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.mor.throughput.archive.CommitLoop.Decision;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/**
 * Keeps the coverage at {@code state/coverage.json}. It shrinks by a rewind alone, after which runs
 * that began before cannot add to it.
 */
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

  /** Adds a range to the coverage of a store that was never rewound, and keeps no block. */
  public Coverage add(BlockRange range) {
    return add(range, Optional.empty(), Optional.empty());
  }

  /** The same in a run's generation, where no other run scans beside it. */
  Coverage add(BlockRange range, Optional<Cursor> began, Optional<KeptBlock> end) {
    return add(range, began, end, UnaryOperator.identity());
  }

  /**
   * Adds a range whose rows are stored already. Adding it again writes nothing, and so does one
   * that counts as scanned and ends at or before the cursor.
   *
   * @param began the cursor that the run began with; empty where there was none
   * @param end the range's last block, to be kept
   * @param compare sees what would be stored, and adds blocks that contradict what is kept
   * @return the coverage as it is stored now
   * @throws org.mor.throughput.store.StoreConflictException when the store was rewound since the
   *     run began
   */
  public Coverage add(
      BlockRange range,
      Optional<Cursor> began,
      Optional<KeptBlock> end,
      UnaryOperator<Coverage> compare) {
    int generation = began.map(Cursor::generation).orElse(0);
    long stood = began.map(Cursor::lastBlock).orElse(-1L);
    Coverage more = new Coverage(List.of(range), generation, end.stream().toList());
    return change(
        known -> {
          if (known.generation() > generation) {
            throw CommitLoop.outdated(KEY, range.toString(), known.generation(), generation);
          }
          Coverage believed = began.map(known::in).orElse(known);
          boolean isKnown = believed.covers(range) && range.last() <= stood;
          return compare.apply(isKnown ? believed : believed.union(more));
        });
  }

  /**
   * Forgets what is above {@code block}, unless that was done before.
   *
   * @param generation the new one, which the cursor has already
   */
  public Coverage rewind(int generation, long block) {
    return change(
        known -> known.generation() >= generation ? known : known.rewound(generation, block));
  }

  private Coverage change(UnaryOperator<Coverage> change) {
    return commits
        .commit(
            KEY,
            ObjectAttributes.PRIVATE_JSON,
            stored -> {
              Coverage known =
                  stored.map(object -> CoverageCodec.decode(object.body())).orElse(Coverage.NONE);
              Coverage next = change.apply(known);
              return new Decision<>(next, next.equals(known) ? null : CoverageCodec.encode(next));
            })
        .result();
  }
}
