package org.mor.throughput.verify;

import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.archive.FieldDifference;
import org.mor.throughput.verify.Check.Difference;
import org.mor.throughput.verify.Check.Outcome;

/** Collects what a check finds; of many differences the first are kept and all are counted. */
final class Tally {
  private static final int KEPT = 20;

  private final String name;
  private final List<Difference> differences = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long count;
  private long notesCount;
  private long suspects;
  private boolean damaged;
  private String notChecked = "";

  Tally(String name) {
    this.name = name;
  }

  void differs(String where, String what, String stored, String expected) {
    differs(where, new FieldDifference(what, stored, expected));
  }

  void differs(String where, FieldDifference field) {
    count++;
    if (differences.size() < KEPT) {
      differences.add(new Difference(where, field));
    }
  }

  void note(String text) {
    notesCount++;
    if (notes.size() < KEPT) {
      notes.add(text);
    }
  }

  /** A row is in doubt. */
  void suspect(String text) {
    suspects++;
    note(text);
  }

  /** The check decides nothing, unless it finds a difference all the same. */
  void notChecked(String why) {
    notChecked = why;
  }

  /** Something that had to be read could not be. */
  void damaged(String text) {
    damaged = true;
    note(text);
  }

  long count() {
    return count;
  }

  Check finish(String detail) {
    if (notesCount > notes.size()) {
      notes.add("and %,d more".formatted(notesCount - notes.size()));
    }
    Outcome outcome = outcome();
    String told = outcome == Outcome.NOT_CHECKED ? notChecked : detail;
    long counted = outcome == Outcome.SUSPECT ? suspects : count;
    return new Check(name, outcome, told, differences, counted, notes);
  }

  private Outcome outcome() {
    if (count > 0) {
      return Outcome.DIFFERS;
    }
    if (damaged) {
      return Outcome.DAMAGED;
    }
    if (suspects > 0) {
      return Outcome.SUSPECT;
    }
    return notChecked.isEmpty() ? Outcome.OK : Outcome.NOT_CHECKED;
  }
}
