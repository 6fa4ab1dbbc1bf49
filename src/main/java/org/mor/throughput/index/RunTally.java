package org.mor.throughput.index;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RowArchive.MergeReport;
import org.mor.throughput.archive.RunRecord;
import org.mor.throughput.archive.RunRecord.Outcome;
import org.mor.throughput.archive.RunRecord.Rows;
import org.mor.throughput.chain.BlockRange;

/**
 * Counts what a run writes while it writes it, so that a run that fails can say what it had done.
 * Safe for use by several threads.
 */
public final class RunTally {
  private @Nullable Long first;
  private @Nullable Long last;
  private @Nullable Cursor cursor;
  private Rows opens = Rows.NONE;
  private Rows closes = Rows.NONE;
  private long documents;
  private final LongSupplier nanoTime;
  private final long began;

  /**
   * Of a run that begins now.
   *
   * @param nanoTime never goes back, whatever is done to the clock
   */
  public RunTally(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.began = nanoTime.getAsLong();
  }

  /** Whether nothing was stored and nothing published yet. */
  public synchronized boolean isEmpty() {
    return first == null && opens.written() + closes.written() + documents == 0;
  }

  synchronized void committed(BlockRange range) {
    first = first == null ? range.first() : Math.min(first, range.first());
    last = last == null ? range.last() : Math.max(last, range.last());
  }

  synchronized MergeReport merged(MergeReport rows) {
    opens = opens.plus(rows.opensAdded(), rows.opensChanged());
    closes = closes.plus(rows.closesAdded(), rows.closesChanged());
    return rows;
  }

  synchronized void published(int written) {
    documents += written;
  }

  synchronized void standsAt(Cursor now) {
    cursor = now;
  }

  /**
   * The record of the run as of now; see {@link RunRecord}.
   *
   * @param id where it has other characters than a record's id may have, hyphens take their place
   * @param end by the same clock as {@code start}; the lag is counted to it
   */
  public synchronized RunRecord record(
      String id,
      String kind,
      String by,
      String program,
      Instant start,
      Instant end,
      Outcome outcome,
      long rpcRequests,
      @Nullable String error) {
    Long time =
        cursor != null && cursor.lastBlockTime().isPresent()
            ? (Long) cursor.lastBlockTime().getAsLong()
            : null;
    return new RunRecord(
        RunRecord.VERSION,
        RunRecord.id(id),
        kind,
        by,
        program,
        start.toString(),
        Duration.ofNanos(nanoTime.getAsLong() - began).toMillis(),
        outcome,
        first,
        last,
        cursor == null ? null : (Long) cursor.lastBlock(),
        time,
        time == null ? null : (Long) Math.max(0, end.getEpochSecond() - time),
        opens,
        closes,
        documents,
        rpcRequests,
        error);
  }
}
