package org.mor.throughput.rollup;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Directory.Translation;
import org.mor.throughput.session.OpenRow.OpenFacts;

/**
 * What some rows of a month hold, in cells. Parts of one month as of one block that share no row
 * merge, in any order, into what a scan of all their rows gives.
 */
public final class MonthPart implements Serializable {
  private final MonthPartial partial;
  private final @Nullable RecentCells recent;
  private final @Nullable PerformanceMonth performance;

  /**
   * @param recent null where the month is older than everything that is finer than a day
   * @param performance null where a kept partial is enough
   */
  MonthPart(
      MonthPartial partial, @Nullable RecentCells recent, @Nullable PerformanceMonth performance) {
    this.partial = partial;
    this.recent = recent;
    this.performance = performance;
  }

  MonthPartial partial() {
    return partial;
  }

  @Nullable RecentCells recent() {
    return recent;
  }

  @Nullable PerformanceMonth performance() {
    return performance;
  }

  /** This part and another one of the same month, of other rows, as of the same block. */
  public MonthPart merge(MonthPart other) {
    MonthPartial that = other.partial;
    Directory directory = new Directory();
    TimeCells days = new TimeCells(Granularity.DAY);
    RecentCells both = recent == null ? null : new RecentCells(recent.horizon());
    for (MonthPart part : List.of(this, other)) {
      Translation translation = part.partial.directory().to(directory);
      days.merge(part.partial.days(), translation);
      if (both != null && part.recent != null) {
        both.merge(part.recent, translation);
      }
    }
    List<OpenFacts> opens =
        Stream.concat(partial.unclosedOpens().stream(), that.unclosedOpens().stream()).toList();
    List<Hash32> closes =
        Stream.concat(partial.unopenedCloses().stream(), that.unopenedCloses().stream())
            .sorted()
            .toList();
    Set<Hash32> opened = opens.stream().map(OpenFacts::sessionId).collect(Collectors.toSet());
    Set<Hash32> closed = new HashSet<>(closes);
    return new MonthPart(
        new MonthPartial(
            partial.month(),
            directory,
            days,
            opens.stream().filter(open -> !closed.contains(open.sessionId())).toList(),
            closes.stream().filter(id -> !opened.contains(id)).toList(),
            partial.span().and(that.span()),
            null),
        both,
        performance == null || other.performance == null
            ? null
            : performance.merge(other.performance));
  }
}
