package org.mor.throughput.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;
import org.mor.throughput.cli.ProgressReporter.Task;

/** Progress on a terminal of 60 columns or more: a bar between the share and the numbers. */
final class BarProgress implements ProgressReporter {
  private static final int WIDTH = 60;
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
            .setInitialMax(total)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .setRenderer((state, width) -> line(state, unit, width))
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

  /** A line that fits: the bar has what the words leave. */
  private static String line(ProgressState state, String unit, int width) {
    long done = state.getCurrent();
    double share = Math.max(0, Math.min(1, state.getNormalizedProgress()));
    long seconds = state.getTotalElapsed().toSeconds();
    String left = share == 0 ? "" : ", %s left".formatted(time((long) (seconds / share - seconds)));
    String head = "%s %3d %% [".formatted(state.getTaskName(), (int) (100 * share));
    String tail = "] %s of %s %s%s".formatted(count(done), count(state.getMax()), unit, left);
    int room = Math.max(0, width - head.length() - tail.length());
    int filled = (int) (room * share);
    String whole = head + "=".repeat(filled) + " ".repeat(room - filled) + tail;
    return whole.substring(0, Math.min(width, whole.length()));
  }

  /** Four digits at most. */
  private static String count(long number) {
    return number < 10_000
        ? String.valueOf(number)
        : number < 10_000_000 ? number / 1_000 + "k" : number / 1_000_000 + "M";
  }

  private static String time(long seconds) {
    return seconds < 120
        ? seconds + " s"
        : seconds < 7_200 ? seconds / 60 + " min" : seconds / 3_600 + " h";
  }
}
