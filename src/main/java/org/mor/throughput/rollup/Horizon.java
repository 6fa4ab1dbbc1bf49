package org.mor.throughput.rollup;

import java.io.Serializable;
import org.mor.throughput.session.Month;

/** Which part of history each window and each series covers, counted back from one time. */
record Horizon(AsOf asOf) implements Serializable {
  static final int HOURS = 336;
  static final int DAYS = 365;
  static final int BREAKDOWN_DAYS = 30;

  private static final long DAY = 86400;

  /** The windows that end with asOf: after asOf minus the days, up to and including asOf. */
  enum Window {
    LAST_24_HOURS(1),
    LAST_7_DAYS(7),
    LAST_30_DAYS(30);

    private final long seconds;

    Window(int days) {
      this.seconds = days * DAY;
    }
  }

  /**
   * Whether an event belongs to the figures: those of asOf's block and before. Block times never go
   * back, so the block decides only within asOf's own second, which many blocks share on a fast
   * chain.
   *
   * @param block 0 where a row of the earlier indexer does not say: its time decides
   */
  boolean isPast(long time, long block) {
    return time < asOf.time() || (time == asOf.time() && block <= asOf.block());
  }

  boolean has(Month month) {
    return month.firstSecond() <= asOf.time();
  }

  /** Whether a month is older than everything that is finer than a day. */
  boolean needsDaysOnly(Month month) {
    long end = month.next().firstSecond();
    return end <= Math.min(firstBreakdownDay(), firstHour()) && !isIn(Window.LAST_30_DAYS, end - 1);
  }

  /** Whether a month ends before asOf: nothing new can happen in it. */
  boolean isOver(Month month) {
    return month.next().firstSecond() <= asOf.time();
  }

  /** How many days of a month there are up to asOf's. */
  int daysOf(Month month) {
    return isOver(month)
        ? month.value().lengthOfMonth()
        : (int) ((lastDay() - month.firstSecond()) / DAY) + 1;
  }

  boolean isIn(Window window, long time) {
    return time <= asOf.time() && time > asOf.time() - window.seconds;
  }

  long lastHour() {
    return Granularity.HOUR.start(asOf.time());
  }

  long firstHour() {
    return Granularity.HOUR.plus(lastHour(), 1 - HOURS);
  }

  long lastDay() {
    return Granularity.DAY.start(asOf.time());
  }

  long firstDay() {
    return Granularity.DAY.plus(lastDay(), 1 - DAYS);
  }

  long firstBreakdownDay() {
    return Granularity.DAY.plus(lastDay(), 1 - BREAKDOWN_DAYS);
  }
}
