package org.mor.throughput.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.function.Function;
import org.mor.throughput.report.ReportSourceCodec.MonthFigures;
import org.mor.throughput.report.ReportSourceCodec.ReportSource;
import org.mor.throughput.rollup.Minimum;

/** How a figure changed from the month before: in percent only from a base that carries one. */
final class Change {
  private static final BigDecimal LEAST_BASE = BigDecimal.valueOf(Minimum.CHANGE.count());
  private static final BigDecimal MOST_PERCENT = BigDecimal.valueOf(999);

  private final boolean comparable;
  private final Optional<MonthFigures> before;

  /** Nothing is compared with a month that is not over, or that had nothing before it. */
  Change(ReportSource source) {
    this.comparable = source.isOver();
    this.before = source.before();
  }

  String of(String name, BigDecimal now) {
    return from(before.flatMap(figures -> figures.find(name)), now);
  }

  String of(Function<MonthFigures, BigDecimal> figure, BigDecimal now) {
    return from(before.map(figure), now);
  }

  private String from(Optional<BigDecimal> base, BigDecimal now) {
    if (!comparable || base.isEmpty()) {
      return "-";
    }
    BigDecimal difference = now.subtract(base.get());
    if (difference.signum() == 0) {
      return "none";
    }
    String sign = difference.signum() < 0 ? "-" : "+";
    boolean small =
        before.get().sum("sessionsClosed").compareTo(LEAST_BASE) < 0 || base.get().signum() == 0;
    if (small) {
      return sign + Text.compact(difference.abs());
    }
    BigDecimal percent =
        difference.abs().movePointRight(2).divide(base.get(), 1, RoundingMode.HALF_EVEN);
    return percent.compareTo(MOST_PERCENT) > 0
        ? "x" + Text.number(now.divide(base.get(), 0, RoundingMode.HALF_EVEN), 0)
        : sign + Text.number(percent, 1) + " %";
  }
}
