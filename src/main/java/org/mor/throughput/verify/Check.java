package org.mor.throughput.verify;

import java.util.List;
import org.mor.throughput.archive.FieldDifference;

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

  /** How a check ended. */
  public enum Outcome {
    OK("ok"),
    DIFFERS("differs"),
    /** Rows are in doubt. Nothing is proven against them, so it is no difference. */
    SUSPECT("suspect"),
    /** Something that had to be read is damaged. */
    DAMAGED("damaged"),
    NOT_CHECKED("not checked");

    private final String label;

    Outcome(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /**
   * Something that is not as it should be.
   *
   * @param where the object, with line or session
   * @param field what is wrong there, and what should be
   */
  public record Difference(String where, FieldDifference field) {}

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
