package org.mor.throughput.archive;

import java.util.Optional;
import org.mor.throughput.archive.CommitLoop.Decision;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/** Keeps what was proven last against the chain's state root, at {@code state/state-proof.json}. */
public final class StateProofStore {
  public static final ObjectKey KEY = new ObjectKey("state/state-proof.json");

  private final ObjectStore store;
  private final CommitLoop commits;

  public StateProofStore(ObjectStore store, CommitRetry retry) {
    this.store = store;
    this.commits = new CommitLoop(store, retry);
  }

  /**
   * A sample of closes that was proven.
   *
   * @param block whose state it was proven against
   * @param sampled how many closes
   * @param proven how many of them are as the state has them
   * @param since time in Unix seconds of the first block since which every sample came out so: all
   *     proven, or not all
   * @param seq of the cursor, which decided the sample
   * @param generation how many rewinds the store had seen
   */
  public record StateProofMark(
      long block, Hash32 hash, long sampled, long proven, long since, long seq, int generation) {
    public StateProofMark {
      if (block < 0 || since < 0 || seq < 0 || sampled < 1 || proven < 0 || proven > sampled) {
        throw new IllegalArgumentException(
            "Impossible state proof: block %d, %d of %d proven since %d, seq %d"
                .formatted(block, proven, sampled, since, seq));
      }
    }

    private StateProofMark after(StateProofMark before) {
      boolean same =
          before.generation == generation
              && (before.proven == before.sampled) == (proven == sampled);
      return same
          ? new StateProofMark(block, hash, sampled, proven, before.since, seq, generation)
          : this;
    }
  }

  /**
   * What was kept last.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when it cannot be read
   */
  public Optional<StateProofMark> find() {
    return store.find(KEY).map(stored -> StateProofCodec.decode(stored.body()));
  }

  /** Keeps it, unless one of a later generation or block is there. */
  public void keep(StateProofMark mark) {
    commits.commit(
        KEY,
        ObjectAttributes.PRIVATE_JSON,
        stored -> {
          Optional<StateProofMark> known =
              stored.map(object -> StateProofCodec.decode(object.body()));
          boolean newer =
              known.isEmpty()
                  || mark.generation() > known.get().generation()
                  || (mark.generation() == known.get().generation()
                      && mark.block() > known.get().block());
          StateProofMark next = known.map(mark::after).orElse(mark);
          return new Decision<>(next, newer ? StateProofCodec.encode(next) : null);
        });
  }
}
