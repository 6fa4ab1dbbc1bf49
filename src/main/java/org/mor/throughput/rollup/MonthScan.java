package org.mor.throughput.rollup;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Rollup.CloseSpan;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;

/** Reads one month's rows into cells; shares nothing with the scan of another month. */
final class MonthScan {
  private final Month month;
  private final MetricRules rules;
  private final Horizon horizon;
  private final Directory directory = new Directory();
  private final TimeCells days = new TimeCells(Granularity.DAY);
  private final @Nullable RecentCells recent;
  private final PerformanceRows performance;
  private final LongSummaryStatistics closeTimes = new LongSummaryStatistics();
  private final List<OpenFacts> unclosed = new ArrayList<>();

  /** Sessions that closed in the month; a list costs a third of what a set of hashes does. */
  private final List<Hash32> closed = new ArrayList<>();

  /** The places in {@code closed}, sorted by then, of those that opened in the month too. */
  private final BitSet opened = new BitSet();

  private MonthScan(Month month, MetricRules rules, Horizon horizon) {
    this.month = month;
    this.rules = rules;
    this.horizon = horizon;
    this.performance = new PerformanceRows(month, directory);
    this.recent = horizon.needsDaysOnly(month) ? null : new RecentCells(horizon);
  }

  static MonthPart of(RowSource rows, Month month, MetricRules rules, Horizon horizon) {
    return new MonthScan(month, rules, horizon).read(rows);
  }

  private MonthPart read(RowSource rows) {
    // Closes first: ids of closes are smaller than whole opens.
    rows.closes(month, this::close);
    Collections.sort(closed);
    rows.opens(month, this::open);
    List<Hash32> unopened =
        IntStream.range(0, closed.size())
            .filter(place -> !opened.get(place))
            .mapToObj(closed::get)
            .toList();
    MonthPartial partial =
        new MonthPartial(
            month, directory, days, unclosed, unopened, CloseSpan.of(closeTimes), null);
    return new MonthPart(partial, recent, performance.finish(horizon.daysOf(month)));
  }

  private void close(CloseFacts close) {
    if (!counts("close", close.sessionId(), close.closedAt(), close.block())) {
      return;
    }
    Contribution one = Contribution.of(close, rules, directory);
    days.at(close.closedAt()).add(one);
    performance.add(one);
    if (recent != null) {
      recent.add(one);
    }
    closed.add(close.sessionId());
    closeTimes.accept(close.closedAt());
  }

  private void open(OpenFacts open) {
    if (!counts("open", open.sessionId(), open.openedAt(), open.block())) {
      return;
    }
    days.at(open.openedAt()).addOpen();
    if (recent != null) {
      recent.add(open);
    }
    int place = Collections.binarySearch(closed, open.sessionId());
    if (place < 0 || opened.get(place)) {
      unclosed.add(open);
    } else {
      opened.set(place);
    }
  }

  private boolean counts(String kind, Hash32 sessionId, long time, long block) {
    if (time < month.firstSecond() || time >= month.next().firstSecond()) {
      throw new IllegalArgumentException(
          "The %s of session %s at %d does not belong to the month %s it was read from"
              .formatted(kind, sessionId, time, month));
    }
    return horizon.isPast(time, block);
  }
}
