package org.mor.throughput.cli;

import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.session.Month;
import org.mor.throughput.verify.Verification;

/** Shows a verification's progress in partitions. */
final class VerifyProgress implements Verification.Listener, AutoCloseable {
  private final ProgressReporter progress;
  private @Nullable RowKind kind;
  private ProgressReporter.@Nullable Task task;
  private long done;

  VerifyProgress(ProgressReporter progress) {
    this.progress = progress;
  }

  @Override
  public void read(RowKind of, Month month, int months) {
    if (task == null || of != kind) {
      close();
      kind = of;
      done = 0;
      task = progress.start("checking " + of.prefix(), "months", months);
    }
    done++;
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
