package org.mor.throughput.cli;

/** Starts showing how far a long task is. */
@FunctionalInterface
interface ProgressReporter {
  /** Begins a task of {@code total} units, such as {@code blocks}. Close what it returns. */
  Task start(String name, String unit, long total);

  /** A task under way; used by one thread. */
  interface Task extends AutoCloseable {
    /** {@code done} units are finished, counted from the task's start; never fewer than before. */
    void reached(long done);

    @Override
    void close();
  }

  /** Shows nothing. */
  static ProgressReporter silent() {
    return (name, unit, total) ->
        new Task() {
          @Override
          public void reached(long done) {}

          @Override
          public void close() {}
        };
  }
}
