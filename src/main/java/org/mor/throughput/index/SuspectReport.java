package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.archive.Suspect;

/**
 * What became of stored rows whose events were not in the blocks just read.
 *
 * @param confirmed rows that the contract's state confirms: an endpoint left their logs out
 * @param readAgain rows that were found in a block and read again there
 * @param retracted rows that all evidence says are gone
 * @param suspect rows without such evidence: they stay and count
 * @param first a few of the suspect ones
 */
public record SuspectReport(
    long confirmed, long readAgain, long retracted, long suspect, List<Suspect> first) {
  public static final SuspectReport NONE = new SuspectReport(0, 0, 0, 0, List.of());

  private static final int NAMED = 5;

  public SuspectReport {
    first = first.stream().limit(NAMED).toList();
  }

  SuspectReport plus(SuspectReport next) {
    List<Suspect> both = new ArrayList<>(first);
    both.addAll(next.first);
    return new SuspectReport(
        confirmed + next.confirmed,
        readAgain + next.readAgain,
        retracted + next.retracted,
        suspect + next.suspect,
        both);
  }

  /** Whether rows were written. */
  public boolean changesRows() {
    return readAgain + retracted > 0;
  }
}
