package org.mor.throughput.proof;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is kept of the proof between runs.
 *
 * @param proof empty while nobody ran it
 * @param marks where the walk stood after each month whose opens it took whole, in order
 * @param facetChanges the blocks with a DiamondCut among those scanned; never shrinks
 */
public record ProofRecord(
    Optional<Proof> proof, List<MonthMark> marks, SortedSet<Long> facetChanges) {
  public static final ProofRecord NONE =
      new ProofRecord(Optional.empty(), List.of(), new TreeSet<>());

  public ProofRecord {
    marks = List.copyOf(marks);
    facetChanges = Collections.unmodifiableSortedSet(new TreeSet<>(facetChanges));
    for (int i = 1; i < marks.size(); i++) {
      if (marks.get(i).month().compareTo(marks.get(i - 1).month()) <= 0) {
        throw new IllegalArgumentException(
            "Months are out of order: %s, %s".formatted(marks.get(i - 1), marks.get(i)));
      }
    }
  }

  /** This record with the blocks added. */
  public ProofRecord withFacetChanges(SortedSet<Long> blocks) {
    SortedSet<Long> all = new TreeSet<>(facetChanges);
    all.addAll(blocks);
    return new ProofRecord(proof, marks, all);
  }

  /** This record with a later proof, or itself when its own is of a later block. */
  public ProofRecord advanced(Proof next, List<MonthMark> nextMarks) {
    return proof.isPresent() && proof.get().asOfBlock() > next.asOfBlock()
        ? this
        : new ProofRecord(Optional.of(next), nextMarks, facetChanges);
  }
}
