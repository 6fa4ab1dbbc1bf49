package org.mor.throughput.rollup;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;

/**
 * One month in daily cells, and what of its sessions reaches beyond it: opens that do not close in
 * the month, and closes that do not open in it. Independent of any asOf once the month is old.
 */
public final class MonthPartial {
  private final Month month;
  private final Directory directory;
  private final TimeCells days;
  private final List<OpenFacts> unclosedOpens;
  private final List<Hash32> unopenedCloses;
  private final CloseSpan span;
  private final @Nullable MonthFile file;

  MonthPartial(
      Month month,
      Directory directory,
      TimeCells days,
      List<OpenFacts> unclosedOpens,
      List<Hash32> unopenedCloses,
      CloseSpan span,
      @Nullable MonthFile file) {
    this.month = month;
    this.directory = directory;
    this.days = days;
    this.unclosedOpens = List.copyOf(unclosedOpens);
    this.unopenedCloses = List.copyOf(unopenedCloses);
    this.span = span;
    this.file = file;
  }

  MonthPartial with(@Nullable MonthFile kept) {
    return new MonthPartial(month, directory, days, unclosedOpens, unopenedCloses, span, kept);
  }

  /** The month it is of. */
  public Month month() {
    return month;
  }

  Directory directory() {
    return directory;
  }

  TimeCells days() {
    return days;
  }

  List<OpenFacts> unclosedOpens() {
    return unclosedOpens;
  }

  List<Hash32> unopenedCloses() {
    return unopenedCloses;
  }

  CloseSpan span() {
    return span;
  }

  /** Where the month's cells are kept; null where they are not, or the month had no close. */
  @Nullable MonthFile file() {
    return file;
  }
}
