package org.mor.throughput.cli;

import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.index.CloseRefresh;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.session.Month;
import org.mor.throughput.verify.Verification;

/** Shows how far one command is, from the moment it is known how much there is to do. */
final class Progress
    implements ScanListener, CloseRefresh.Listener, Verification.Listener, AutoCloseable {
  private final ProgressReporter reporter;
  private final String name;
  private String shown = "";
  private ProgressReporter.@Nullable Task task;
  private long done;
  private long stored;
  private long storedTo;

  /**
   * @param name what is done, such as {@code backfill}; a part of it is named after it
   */
  Progress(ProgressReporter reporter, String name) {
    this.reporter = reporter;
    this.name = name;
  }

  @Override
  public void planned(long blocks) {
    begin(name, "blocks", blocks);
  }

  @Override
  public void scanned(BlockRange range, int events) {
    reached(done + range.size());
  }

  @Override
  public void committed(BlockRange range, int opens, int closes) {
    stored += range.size();
    storedTo = range.last();
  }

  /** How far a scan got that was asked to end, for people. */
  String interrupted() {
    return stored == 0
        ? "interrupted: nothing was stored\nnext: run the same command again"
        : "interrupted: %,d blocks are stored, the last one is %d\nnext: run the same command again, it goes on behind them"
            .formatted(stored, storedTo);
  }

  @Override
  public void refreshed(Month month, long rows, long chosen) {
    begin(name + " of " + month, "rows", chosen);
    reached(rows);
  }

  @Override
  public void read(RowKind kind, Month month, int months) {
    begin(name + " " + kind.prefix(), "months", months);
    reached(done + 1);
  }

  void partitions(int partitions, int of) {
    begin(name, "partitions", of);
    reached(partitions);
  }

  /** Begins a task unless it is the one that is shown. */
  private void begin(String of, String unit, long total) {
    if (!of.equals(shown)) {
      close();
      shown = of;
      done = 0;
      task = reporter.start(of, unit, total);
    }
  }

  private void reached(long now) {
    done = now;
    if (task != null) {
      task.reached(now);
    }
  }

  @Override
  public void close() {
    if (task != null) {
      task.close();
      task = null;
    }
  }
}
