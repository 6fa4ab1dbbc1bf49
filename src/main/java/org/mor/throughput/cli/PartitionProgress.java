package org.mor.throughput.cli;

import org.jspecify.annotations.Nullable;

/** Shows how many partitions of a known number are done. */
final class PartitionProgress implements AutoCloseable {
  private final ProgressReporter progress;
  private final String name;
  private ProgressReporter.@Nullable Task task;

  PartitionProgress(ProgressReporter progress, String name) {
    this.progress = progress;
    this.name = name;
  }

  void reached(int partitions, int of) {
    if (task == null) {
      task = progress.start(name, "partitions", of);
    }
    task.reached(partitions);
  }

  @Override
  public void close() {
    if (task != null) {
      task.close();
    }
  }
}
