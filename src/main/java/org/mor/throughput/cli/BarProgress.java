package org.mor.throughput.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.mor.throughput.cli.ProgressReporter.Task;

/** Progress on a terminal: a bar with rate and time left. */
final class BarProgress implements ProgressReporter {
  private static final int WIDTH = 100;
  private static final int REDRAW_MILLIS = 250;

  private final PrintStream err;

  BarProgress(PrintStream err) {
    this.err = err;
  }

  @Override
  public Task start(String name, String unit, long total) {
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(name)
            .setUnit(" " + unit, 1)
            .setInitialMax(total)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .setStyle(ProgressBarStyle.ASCII)
            .showSpeed()
            .setConsumer(new ConsoleProgressBarConsumer(err, WIDTH))
            .build();
    return new Task() {
      @Override
      public void reached(long done) {
        bar.stepTo(done);
      }

      @Override
      public void close() {
        bar.close();
      }
    };
  }
}
