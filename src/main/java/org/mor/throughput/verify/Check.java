package org.mor.throughput.verify;

import java.util.List;

/**
 * One check and what came of it.
 *
 * @param detail what was checked, or why it was not
 * @param differences the first of the differences
 * @param count how many there are in all, or how many rows are suspect
 * @param notes what is worth knowing and no difference, such as the first suspect rows
 */
public record Check(
    String name,
    Outcome outcome,
    String detail,
    List<Difference> differences,
    long count,
    List<String> notes) {
  public Check {
    differences = List.copyOf(differences);
    notes = List.copyOf(notes);
    boolean isCounted = outcome == Outcome.DIFFERS || outcome == Outcome.SUSPECT;
    if (count < differences.size() || (count > 0) != isCounted) {
      throw new IllegalArgumentException(
          "Check %s is %s with %d of %d differences"
              .formatted(name, outcome, differences.size(), count));
    }
  }

  /** A check that could not be made. */
  public static Check notMade(String name, String why) {
    return new Check(name, Outcome.NOT_CHECKED, why, List.of(), 0, List.of());
  }
}
