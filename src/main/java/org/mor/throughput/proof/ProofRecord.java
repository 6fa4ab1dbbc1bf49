package org.mor.throughput.proof;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.mor.throughput.session.Month;

/**
 * What is kept of the proof between runs.
 *
 * @param proof empty while nobody ran it
 * @param marks where the walk stood after each month whose opens it took whole, in order
 * @param facetChanges the blocks with a DiamondCut among those scanned; shrinks by a rewind alone
 * @param generation how often the store had been rewound when this was written
 */
public record ProofRecord(
    Optional<Proof> proof, List<MonthMark> marks, SortedSet<Long> facetChanges, int generation) {
  public static final ProofRecord NONE =
      new ProofRecord(Optional.empty(), List.of(), new TreeSet<>());

  public ProofRecord {
    marks = List.copyOf(marks);
    facetChanges = Collections.unmodifiableSortedSet(new TreeSet<>(facetChanges));
    if (generation < 0) {
      throw new IllegalArgumentException("A proof of generation " + generation);
    }
    for (int i = 1; i < marks.size(); i++) {
      if (marks.get(i).month().compareTo(marks.get(i - 1).month()) <= 0) {
        throw new IllegalArgumentException(
            "Months are out of order: %s, %s".formatted(marks.get(i - 1), marks.get(i)));
      }
    }
  }

  /** What is kept in a store that was never rewound. */
  public ProofRecord(Optional<Proof> proof, List<MonthMark> marks, SortedSet<Long> facetChanges) {
    this(proof, marks, facetChanges, 0);
  }

  /** This record with the blocks added. */
  public ProofRecord withFacetChanges(SortedSet<Long> blocks) {
    SortedSet<Long> all = new TreeSet<>(facetChanges);
    all.addAll(blocks);
    return new ProofRecord(proof, marks, all, generation);
  }

  /** This record with a later proof, or itself when its own is of a later block or generation. */
  public ProofRecord advanced(Proof next, List<MonthMark> nextMarks, int nextGeneration) {
    boolean isLater =
        generation > nextGeneration
            || (generation == nextGeneration
                && proof.isPresent()
                && proof.get().asOfBlock() > next.asOfBlock());
    return isLater
        ? this
        : new ProofRecord(Optional.of(next), nextMarks, facetChanges, nextGeneration);
  }

  /**
   * What is left after a rewind: the proof where it is of no later block, else marks of months that
   * end before the one with block {@code to}.
   *
   * @param month the one that holds block {@code to}; empty where that is not known
   */
  public ProofRecord rewound(int next, long to, Optional<Month> month) {
    Optional<Proof> left = proof.filter(known -> known.asOfBlock() <= to);
    return new ProofRecord(
        left,
        marks.stream()
            .filter(
                mark ->
                    left.isPresent()
                        || (month.isPresent() && mark.month().compareTo(month.get()) < 0))
            .toList(),
        new TreeSet<>(facetChanges.headSet(to + 1)),
        next);
  }

  /** What may be believed of this record in a generation: of an older one its facet changes. */
  public ProofRecord in(int current) {
    return generation >= current
        ? this
        : new ProofRecord(Optional.empty(), List.of(), facetChanges, generation);
  }

  /**
   * How far the walk had come at the end of a month's opens.
   *
   * @param version of the partition that was walked; when it is another one, the month is walked
   *     again
   */
  public record MonthMark(Month month, String version, NonceWalk.Progress progress) {}
}
