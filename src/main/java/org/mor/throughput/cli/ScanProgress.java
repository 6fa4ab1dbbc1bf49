package org.mor.throughput.cli;

import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.index.ScanListener;

/** Shows a scan's progress in blocks. */
final class ScanProgress implements ScanListener, AutoCloseable {
  private final ProgressReporter.Task task;
  private long blocks;

  ScanProgress(ProgressReporter progress, String name, long total) {
    this.task = progress.start(name, "blocks", total);
  }

  @Override
  public void scanned(BlockRange range, int events) {
    blocks += range.size();
    task.reached(blocks);
  }

  @Override
  public void committed(BlockRange range, int opens, int closes) {}

  @Override
  public void close() {
    task.close();
  }
}
