package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.mor.throughput.base.Patience;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/** Keeps what was proven last against the chain's state root, at {@code state/state-proof.json}. */
public final class StateProofStore {
  public static final ObjectKey KEY = new ObjectKey("state/state-proof.json");

  private static final int VERSION = 1;

  private final StateObject<Optional<StateProofMark>> state;

  public StateProofStore(ObjectStore store, Patience retry) {
    state = StateObject.optional(store, retry, KEY, StateProofStore::write, StateProofStore::read);
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

    private boolean isNewer(StateProofMark than) {
      return generation > than.generation || (generation == than.generation && block > than.block);
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
    return state.find();
  }

  /** Keeps it, unless one of a later generation or block is there. */
  public void keep(StateProofMark mark) {
    state.update(
        known ->
            known.filter(before -> !mark.isNewer(before)).isPresent()
                ? known
                : Optional.of(known.map(mark::after).orElse(mark)));
  }

  private static ObjectNode write(StateProofMark mark) {
    return StateJson.object(VERSION)
        .put("block", mark.block())
        .put("hash", mark.hash().toHex())
        .put("sampled", mark.sampled())
        .put("proven", mark.proven())
        .put("since", mark.since())
        .put("seq", mark.seq())
        .put(StateJson.GENERATION, mark.generation());
  }

  private static StateProofMark read(ObjectNode json) {
    StateJson.requireVersion(json, VERSION, VERSION);
    return new StateProofMark(
        StateJson.whole(json, "block"),
        StateJson.hash(json, "hash"),
        StateJson.whole(json, "sampled"),
        StateJson.whole(json, "proven"),
        StateJson.whole(json, "since"),
        StateJson.whole(json, "seq"),
        StateJson.generation(json));
  }
}
