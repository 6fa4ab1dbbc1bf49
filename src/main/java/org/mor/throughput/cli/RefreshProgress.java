package org.mor.throughput.cli;

import org.jspecify.annotations.Nullable;
import org.mor.throughput.index.CloseRefresh;
import org.mor.throughput.session.Month;

/** Shows a refresh's progress in rows, month by month. */
final class RefreshProgress implements CloseRefresh.Listener, AutoCloseable {
  private final ProgressReporter progress;
  private @Nullable Month month;
  private ProgressReporter.@Nullable Task task;

  RefreshProgress(ProgressReporter progress) {
    this.progress = progress;
  }

  @Override
  public void refreshed(Month current, long done, long chosen) {
    if (task == null || !current.equals(month)) {
      close();
      month = current;
      task = progress.start("closes of " + current, "rows", chosen);
    }
    task.reached(done);
  }

  @Override
  public void close() {
    if (task != null) {
      task.close();
      task = null;
    }
  }
}
