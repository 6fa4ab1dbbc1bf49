package org.mor.throughput.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.mor.throughput.demo.Ledger.LedgerEntry;
import org.mor.throughput.session.MetricRules;

/** The ledger as it stood after a block. */
final class LedgerView {
  /** The closes and the number of opens of a bucket. */
  static final class Bucket {
    private final List<LedgerEntry> closes = new ArrayList<>();
    private int opens;
  }

  private final List<LedgerEntry> entries;
  private final long block;
  private final LedgerFigures figures;

  LedgerView(Ledger ledger, long block, MetricRules rules, PaidReading reading) {
    this.entries = ledger.entries().stream().filter(e -> e.openedBy(block)).toList();
    this.block = block;
    this.figures =
        reading == PaidReading.AT_AS_OF
            ? new LedgerFigures(rules, e -> e.paidAt(block), e -> e.paidAt(block))
            : new LedgerFigures(
                rules, e -> e.paidAt(e.closeBlock()), e -> e.paidAt(Long.MAX_VALUE));
  }

  long asOf() {
    return BlockClock.timeOf(block);
  }

  /** The time of the first open, or now where there is none. */
  long firstOpen() {
    return entries.isEmpty() ? asOf() : entries.get(0).openedAt();
  }

  LedgerView only(Predicate<LedgerEntry> which) {
    return new LedgerView(entries.stream().filter(which).toList(), block, figures);
  }

  private LedgerView(List<LedgerEntry> entries, long block, LedgerFigures figures) {
    this.entries = entries;
    this.block = block;
    this.figures = figures;
  }

  /** The closes so far. */
  List<LedgerEntry> closes() {
    return entries.stream().filter(e -> e.closedBy(block)).toList();
  }

  /** What opened or closed at {@code start} or later. */
  List<LedgerEntry> activeSince(long start) {
    return entries.stream()
        .filter(e -> e.openedAt() >= start || (e.closedBy(block) && e.closedAt() >= start))
        .toList();
  }

  List<LedgerEntry> open() {
    return entries.stream().filter(e -> !e.closedBy(block)).toList();
  }

  /** All figures of what opened and closed later than {@code after}. */
  Map<String, Figure> since(long after) {
    return figures.of(
        closes().stream().filter(e -> e.closedAt() > after).toList(),
        (int) entries.stream().filter(e -> e.openedAt() > after).count());
  }

  /** The buckets with something in them. */
  Map<String, Bucket> buckets(Calendar calendar) {
    Map<String, Bucket> buckets = new HashMap<>();
    for (LedgerEntry e : entries) {
      buckets.computeIfAbsent(calendar.label(e.openedAt()), l -> new Bucket()).opens++;
      if (e.closedBy(block)) {
        buckets.computeIfAbsent(calendar.label(e.closedAt()), l -> new Bucket()).closes.add(e);
      }
    }
    return buckets;
  }

  /** All figures of a bucket. */
  Map<String, Figure> figures(Bucket bucket) {
    return figures.of(bucket.closes, bucket.opens);
  }
}
