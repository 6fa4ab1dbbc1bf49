package org.mor.throughput.cli;

import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.index.ScanListener;

/** Shows a scan's progress in blocks, from the moment it is known how many there are. */
final class ScanProgress implements ScanListener, AutoCloseable {
  private final ProgressReporter progress;
  private final String name;
  private ProgressReporter.@Nullable Task task;
  private long blocks;

  ScanProgress(ProgressReporter progress, String name) {
    this.progress = progress;
    this.name = name;
  }

  @Override
  public void planned(long total) {
    task = progress.start(name, "blocks", total);
  }

  @Override
  public void scanned(BlockRange range, int events) {
    blocks += range.size();
    if (task != null) {
      task.reached(blocks);
    }
  }

  @Override
  public void committed(BlockRange range, int opens, int closes) {}

  @Override
  public void close() {
    if (task != null) {
      task.close();
    }
  }
}
