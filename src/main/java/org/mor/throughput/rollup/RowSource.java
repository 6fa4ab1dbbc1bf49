package org.mor.throughput.rollup;

import java.util.SortedSet;
import java.util.function.Consumer;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;

/**
 * The stored rows, streamed a month at a time; each session opens at most once and closes at most
 * once. Different months may be read by different threads at the same time.
 */
public interface RowSource {
  /** Every month that may have rows of either kind. */
  SortedSet<Month> months();

  /** The opens with {@code openedAt} in the month; none where the month has no partition. */
  void opens(Month month, Consumer<OpenFacts> to);

  /** The closes with {@code closedAt} in the month; none where the month has no partition. */
  void closes(Month month, Consumer<CloseFacts> to);

  /**
   * What a month's rows up to {@code asOf} hold; an implementation may read parts of them elsewhere
   * and merge these.
   */
  default MonthPart part(Month month, MetricRules rules, AsOf asOf) {
    return MonthScan.of(this, month, rules, new Horizon(asOf));
  }
}
