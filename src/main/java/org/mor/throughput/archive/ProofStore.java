package org.mor.throughput.archive;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.UnaryOperator;
import org.mor.throughput.archive.CommitLoop.Decision;
import org.mor.throughput.proof.MonthMark;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/**
 * Keeps what is proven at {@code state/proof.json}. A proof of a later block is never replaced by
 * one of an earlier block, nor one of a later generation, and only a rewind forgets a facet change.
 */
public final class ProofStore {
  public static final ObjectKey KEY = new ObjectKey("state/proof.json");

  private final ObjectStore store;
  private final CommitLoop commits;

  public ProofStore(ObjectStore store, CommitRetry retry) {
    this.store = store;
    this.commits = new CommitLoop(store, retry);
  }

  /**
   * What is stored; {@link ProofRecord#NONE} when nothing is.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when it cannot be read
   */
  public ProofRecord find() {
    return store.find(KEY).map(stored -> ProofCodec.decode(stored.body())).orElse(ProofRecord.NONE);
  }

  /**
   * Keeps a proof, unless that of a later block or generation is there.
   *
   * @param generation of the cursor that it was made at
   */
  public ProofRecord advance(Proof proof, List<MonthMark> marks, int generation) {
    return update(known -> known.advanced(proof, marks, generation));
  }

  /**
   * Adds blocks in which the diamond was cut; nothing of a run that began before a rewind.
   *
   * @param generation the one that the run began in
   */
  public ProofRecord addFacetChanges(SortedSet<Long> blocks, int generation) {
    return update(
        known -> known.generation() > generation ? known : known.withFacetChanges(blocks));
  }

  /**
   * Forgets what rests on later blocks than {@code to}, unless that was done before.
   *
   * @param month the one that holds block {@code to}; empty where that is not known
   */
  public ProofRecord rewind(int generation, long to, Optional<Month> month) {
    return update(
        known -> known.generation() >= generation ? known : known.rewound(generation, to, month));
  }

  private ProofRecord update(UnaryOperator<ProofRecord> change) {
    return commits
        .commit(
            KEY,
            ObjectAttributes.PRIVATE_JSON,
            stored -> {
              ProofRecord known =
                  stored.map(object -> ProofCodec.decode(object.body())).orElse(ProofRecord.NONE);
              ProofRecord next = change.apply(known);
              return new Decision<>(next, next.equals(known) ? null : ProofCodec.encode(next));
            })
        .result();
  }
}
