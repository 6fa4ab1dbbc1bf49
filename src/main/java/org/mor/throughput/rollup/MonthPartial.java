package org.mor.throughput.rollup;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.MonthFiles.MonthFile;
import org.mor.throughput.rollup.Rollup.CloseSpan;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;

/**
 * One month in daily cells, and what of its sessions reaches beyond it. Independent of any asOf
 * once the month is old.
 *
 * @param unclosedOpens opens that do not close in the month
 * @param unopenedCloses closes that do not open in it
 * @param file where the month's cells are kept; null where they are not, or the month had no close
 */
public record MonthPartial(
    Month month,
    Directory directory,
    TimeCells days,
    List<OpenFacts> unclosedOpens,
    List<Hash32> unopenedCloses,
    CloseSpan span,
    @Nullable MonthFile file)
    implements Serializable {
  public MonthPartial {
    unclosedOpens = List.copyOf(unclosedOpens);
    unopenedCloses = List.copyOf(unopenedCloses);
  }

  MonthPartial with(@Nullable MonthFile kept) {
    return new MonthPartial(month, directory, days, unclosedOpens, unopenedCloses, span, kept);
  }
}
