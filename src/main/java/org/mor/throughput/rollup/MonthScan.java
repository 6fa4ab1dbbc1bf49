package org.mor.throughput.rollup;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;

/** Reads one month's rows into cells; shares nothing with the scan of another month. */
final class MonthScan {
  private final Month month;
  private final long firstSecond;
  private final long endSecond;
  private final MetricRules rules;
  private final Horizon horizon;
  private final Directory directory = new Directory();
  private final TimeCells days = new TimeCells();
  private final @Nullable RecentCells recent;
  private final ClosedIds closed = new ClosedIds();
  private final PerformanceRows performance;
  private final List<OpenFacts> unclosed = new ArrayList<>();
  private long firstClose = Long.MAX_VALUE;
  private long lastClose = Long.MIN_VALUE;

  /** What a scan finds; nothing recent, and no cells, where a kept partial is enough. */
  record Result(
      MonthPartial partial, @Nullable RecentCells recent, @Nullable PerformanceMonth performance) {}

  private MonthScan(Month month, MetricRules rules, Horizon horizon) {
    this.month = month;
    this.firstSecond = month.firstSecond();
    this.endSecond = month.next().firstSecond();
    this.rules = rules;
    this.horizon = horizon;
    this.performance = new PerformanceRows(month, directory);
    this.recent = horizon.needsDaysOnly(month) ? null : new RecentCells(horizon);
  }

  static Result of(RowSource rows, Month month, MetricRules rules, Horizon horizon) {
    MonthScan scan = new MonthScan(month, rules, horizon);
    // Closes first: ids of closes are smaller than whole opens.
    rows.closes(month, scan::close);
    rows.opens(month, scan::open);
    CloseSpan span =
        scan.firstClose > scan.lastClose
            ? CloseSpan.NONE
            : CloseSpan.of(scan.firstClose, scan.lastClose);
    MonthPartial partial =
        new MonthPartial(
            month, scan.directory, scan.days, scan.unclosed, scan.closed.left(), span, null);
    return new Result(partial, scan.recent, scan.performance.finish(horizon.daysOf(month)));
  }

  private void close(CloseFacts close) {
    long time = close.closedAt();
    refuseOtherMonth("close", close.sessionId(), time);
    if (!horizon.isPast(time, close.block())) {
      return;
    }
    Contribution one = Contribution.of(close, rules, directory);
    days.at(Granularity.DAY.start(time)).add(one);
    performance.add(one);
    if (recent != null) {
      recent.add(one);
    }
    closed.add(close.sessionId());
    firstClose = Math.min(firstClose, time);
    lastClose = Math.max(lastClose, time);
  }

  private void open(OpenFacts open) {
    long time = open.openedAt();
    refuseOtherMonth("open", open.sessionId(), time);
    if (!horizon.isPast(time, open.block())) {
      return;
    }
    days.at(Granularity.DAY.start(time)).addOpen();
    if (recent != null) {
      recent.add(open);
    }
    if (!closed.take(open.sessionId())) {
      unclosed.add(open);
    }
  }

  private void refuseOtherMonth(String kind, Hash32 sessionId, long time) {
    if (time < firstSecond || time >= endSecond) {
      throw new IllegalArgumentException(
          "The %s of session %s at %d does not belong to the month %s it was read from"
              .formatted(kind, sessionId, time, month));
    }
  }
}
